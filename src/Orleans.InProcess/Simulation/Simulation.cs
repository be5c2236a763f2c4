using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.InProcess.Simulation;

/// <summary>
/// A world on one thread: turns run one at a time in an order that a seed chooses, and its clock jumps to the next timer when
/// nothing is left to run. With all I/O replaced by code that lives in it too, a run is a function of its seed.
/// </summary>
/// <remarks>
/// Not thread safe, on purpose: whoever touches it from another thread has escaped, and the run fails and says who it was.
/// </remarks>
public sealed class Simulation
{
    // So many steps without a tick of the clock are no work but a circle.
    private const int StepsThatMakeACircle = 1_000_000;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Random _order;
    private readonly List<TurnQueue> _ready = [];
    private readonly PriorityQueue<VirtualTimer.Entry, (long Due, int Tie)> _timers = new();
    private readonly List<Exception> _failures = [];
    private readonly Lock _failureGate = new();
    private readonly DateTimeOffset _start;
    private volatile bool _ended;
    private ulong _fingerprint = 14695981039346656037;

    /// <param name="seed">Chooses everything. The same seed is the same run.</param>
    /// <param name="start">What the clock shows first. Default: the beginning of 2030.</param>
    public Simulation(int seed, DateTimeOffset? start = null)
    {
        Seed = seed;
        Now = _start = start ?? new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        _order = Chance("order of turns");
    }

    public int Seed { get; }

    public DateTimeOffset Now { get; private set; }

    /// <summary>Virtual time since the beginning.</summary>
    public TimeSpan Elapsed => Now - _start;

    /// <summary>Turns and timers that have run.</summary>
    public long Step { get; private set; }

    /// <summary>A digest of every choice so far: two runs that agree in it took the same way.</summary>
    public ulong Fingerprint => _fingerprint;

    /// <summary>Chance for one purpose. Streams of different purposes do not disturb each other: one more draw here changes nothing there.</summary>
    public Random Chance(string purpose) =>
        new(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seed}/{purpose}")))));

    /// <summary>Adds a process: a machine's worth of queues and timers that can stall and crash as one.</summary>
    public SimulatedNode AddNode(string name) => new(this, name);

    /// <summary>Runs until the task has ended, and throws what it threw. To be called once.</summary>
    /// <param name="patience">How much virtual time it may take.</param>
    /// <returns>Whether it has ended; <c>false</c> when patience is over or nothing is left that could end it.</returns>
    /// <exception cref="SimulationException">Something escaped to another thread, or runs in a circle, or background work failed.</exception>
    public bool Run(Task task, TimeSpan patience)
    {
        try
        {
            return RunToEnd(task, patience);
        }
        finally
        {
            _ended = true;
        }
    }

    /// <summary>Does something at a later time, outside of all nodes.</summary>
    public void After(TimeSpan delay, Action action) => Arm(new VirtualTimer(this, node: null, static state => ((Action)state!)(), action), delay);

    /// <summary>Makes the run fail at its next step.</summary>
    public void Fail(Exception failure)
    {
        lock (_failureGate)
        {
            _failures.Add(failure);
        }
    }

    /// <summary>Whether this is another thread than the run's, while there is a run.</summary>
    internal bool IsElsewhere => !_ended && Environment.CurrentManagedThreadId != _thread;

    internal void Ready(TurnQueue queue) => _ready.Add(queue);

    internal void Arm(VirtualTimer timer, TimeSpan delay)
    {
        timer.Due = Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        timer.Arming++;
        _timers.Enqueue(timer.AsArmed(), (timer.Due.UtcTicks, _order.Next()));
    }

    internal void ThrowEscaped(string what)
    {
        var escape = new SimulationException($"The run has escaped: {what} from thread {Environment.CurrentManagedThreadId}, at\n{Environment.StackTrace}");
        Fail(escape);
        throw escape;
    }

    private bool RunToEnd(Task task, TimeSpan patience)
    {
        var deadline = Now + patience;
        var stepsAtNow = 0;
        while (!task.IsCompleted)
        {
            ThrowIfFailed();
            var before = Now;
            if (Now > deadline || !RunStep())
            {
                return false;
            }

            stepsAtNow = Now == before ? stepsAtNow + 1 : 0;
            if (stepsAtNow > StepsThatMakeACircle)
            {
                throw new SimulationException($"{StepsThatMakeACircle} steps were taken at {Now:O} and time does not go on: something runs in a circle.");
            }
        }

        ThrowIfFailed();
        task.GetAwaiter().GetResult();
        return true;
    }

    private bool RunStep()
    {
        var timerIsDue = DropDeadTimers() && _timers.Peek().Due <= Now;
        var choices = _ready.Count + (timerIsDue ? 1 : 0);
        if (choices == 0)
        {
            if (_timers.Count == 0)
            {
                return false;
            }

            Now = _timers.Peek().Due;
            timerIsDue = true;
            choices = 1;
        }

        var choice = choices == 1 ? 0 : _order.Next(choices);
        Step++;
        Mix((ulong)choice);
        Mix((ulong)choices);
        Mix((ulong)Now.UtcTicks);
        if (choice == _ready.Count)
        {
            _timers.Dequeue().Fire();
        }
        else
        {
            var queue = _ready[choice];
            _ready[choice] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            ((NodeScheduler)queue.Scheduler).Run(queue);
        }

        return true;
    }

    private bool DropDeadTimers()
    {
        while (_timers.TryPeek(out var timer, out _))
        {
            if (timer.IsAlive)
            {
                return true;
            }

            _timers.Dequeue();
        }

        return false;
    }

    private void Mix(ulong value) => _fingerprint = (_fingerprint ^ value) * 1099511628211;

    private void ThrowIfFailed()
    {
        lock (_failureGate)
        {
            if (_failures.Count > 0)
            {
                throw _failures[0] as SimulationException ?? new SimulationException("The run was failed.", _failures[0]);
            }
        }
    }
}

/// <summary>A run that is no simulation any more, or in which something failed that nobody waited for.</summary>
public sealed class SimulationException(string message, Exception? innerException = null) : Exception(message, innerException);

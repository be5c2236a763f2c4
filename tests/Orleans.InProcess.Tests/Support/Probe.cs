using System.Collections.Concurrent;

namespace Orleans.InProcess.Tests.Support;

/// <summary>
/// Named events between a test and the grains of its silo. A grain says that it got somewhere, or waits until the test lets it
/// go on. Names start with the grain's key, so that tests can share a silo.
/// </summary>
public sealed class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _events = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentDictionary<string, int> _inside = new();
    private readonly ConcurrentDictionary<string, int> _most = new();
    private readonly ConcurrentDictionary<string, object?> _values = new();

    /// <summary>Says that the event has happened.</summary>
    public void Set(string name) => Event(name).TrySetResult();

    /// <summary>Waits for the event. If it does not come, the exception says which one.</summary>
    public async Task Reached(string name)
    {
        try
        {
            await Event(name).Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"'{name}' did not happen.");
        }
    }

    public bool Has(string name) => Event(name).Task.IsCompleted;

    /// <summary>Counts one more, and makes it the event <c>name#count</c>.</summary>
    public int Count(string name)
    {
        var count = _counts.AddOrUpdate(name, 1, static (_, n) => n + 1);
        Set($"{name}#{count}");
        return count;
    }

    public int CountOf(string name) => _counts.GetValueOrDefault(name);

    /// <summary>Runs something, and notes how many did so under this name at the same time.</summary>
    public async Task Within(string name, Func<Task> work)
    {
        var inside = _inside.AddOrUpdate(name, 1, static (_, n) => n + 1);
        _most.AddOrUpdate(name, inside, (_, most) => Math.Max(most, inside));
        Count(name);
        await work();
        _inside.AddOrUpdate(name, 0, static (_, n) => n - 1);
    }

    public int MostWithin(string name) => _most.GetValueOrDefault(name);

    /// <summary>Leaves an object for the test to look at: the very same one, where a call would copy it.</summary>
    public void Show(string name, object? value)
    {
        _values[name] = value;
        Set(name);
    }

    public async Task<T> Shown<T>(string name)
    {
        await Reached(name);
        return (T)_values[name]!;
    }

    private TaskCompletionSource Event(string name) =>
        _events.GetOrAdd(name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

using Microsoft.Extensions.Logging;
using Wuts.Transports.Simulator.Events;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Simulator;

/// <summary>What all parts of the network share. One gate guards all of it, so that lines are numbered in the order of what happened.</summary>
internal sealed class NetworkCore : IAsyncDisposable
{
    private readonly bool _autoCreatePhones;
    private bool _disposed;

    public NetworkCore(SimulatorOptions options, TimeProvider clock, ILogger logger, bool devicesElsewhere)
    {
        Clock = clock;
        Faults = options.Faults;
        Rules = options.Rules;
        Chance = new Chance(options.Faults.Seed);
        _autoCreatePhones = options.AutoCreateRecipients;

        var file = new LogFile(options.Folder);
        try
        {
            file.Replay(entry => State.Apply(entry));
        }
        catch
        {
            file.Dispose();
            throw;
        }

        Log = new NetworkLog(file, clock, logger);
        Schedule = new Schedule(clock, logger);
        Events = new EventDelivery(this, logger);
        Enforcement = new Enforcement(this);
        foreach (var outbox in State.Outboxes.All)
        {
            outbox.MakeAllReady();
        }

        lock (Gate)
        {
            if (devicesElsewhere)
            {
                DropLinks();
            }

            Record(new LogEntry { Kind = LogKind.Started });
            Enforcement.Resume();
        }
    }

    public Lock Gate { get; } = new();

    public TimeProvider Clock { get; }

    public NetworkState State { get; } = new();

    public NetworkLog Log { get; }

    public Schedule Schedule { get; }

    public Chance Chance { get; }

    public EventDelivery Events { get; }

    public Enforcement Enforcement { get; }

    public NetworkFaults Faults { get; set; }

    public NetworkRules Rules { get; set; }

    /// <summary>
    /// Writes a line, changes the state by it, and sends the events that it brings on their way. What the rules make of it follows
    /// as lines of its own. Called under the gate.
    /// </summary>
    /// <returns>The line with its number and time.</returns>
    public LogEntry Record(LogEntry entry)
    {
        entry = entry with { Seq = Log.LastSeq + 1, At = Clock.GetUtcNow() };
        Log.Append(entry);
        foreach (var (outbox, @event) in State.Apply(entry))
        {
            Events.Release(outbox, @event);
        }

        Enforcement.After(entry);
        return entry;
    }

    /// <summary>The phone with a number; <c>null</c> if it was never created and does not come to be by being spoken to. Called under the gate.</summary>
    public Phone? Reach(string number) => State.Phones.GetValueOrDefault(number) ?? (_autoCreatePhones ? Create(number) : null);

    /// <summary>Creates a phone that is not there. Called under the gate.</summary>
    public Phone Create(string number)
    {
        Record(new LogEntry { Kind = LogKind.PhoneCreated, From = number });
        return State.Phones[number];
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        Schedule.Dispose();
        await Events.DisposeAsync();
        await Log.DisposeAsync();
    }

    // A device that only listens would otherwise not notice, and its receipts would wait for it to send.
    private void DropLinks()
    {
        foreach (var link in State.Links.All.Where(l => l.Live).ToArray())
        {
            Record(new LogEntry
            {
                Kind = LogKind.Dropped,
                Device = link.DeviceName,
                From = link.Number,
                Connection = link.Owner,
                Reason = "the network was restarted",
            });
        }
    }
}

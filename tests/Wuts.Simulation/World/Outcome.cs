using System.Collections.Immutable;
using Wuts.Testing.Checking;

namespace Wuts.Simulation.World;

/// <summary>How a run ended.</summary>
internal sealed record Outcome
{
    public required int Seed { get; init; }

    /// <summary>Empty if it kept every promise.</summary>
    public required ImmutableArray<Violation> Violations { get; init; }

    /// <summary>The step at which it ended.</summary>
    public required long Step { get; init; }

    /// <summary>Equal for runs that went the same way.</summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>What struck.</summary>
    public required ImmutableArray<Fault> Faults { get; init; }

    public required string Journal { get; init; }

    public required History History { get; init; }

    public required Statistics Statistics { get; init; }
}

/// <summary>What runs have covered.</summary>
internal sealed record Statistics
{
    public int Runs { get; init; }

    public long Steps { get; init; }

    public long Messages { get; init; }

    public long Uncertain { get; init; }

    /// <summary>Messages that the network took again; each of them was uncertain.</summary>
    public long Doubled { get; init; }

    /// <summary>Crashes, stalls and restarts of silos.</summary>
    public long Disturbances { get; init; }

    /// <summary>All faults, those included.</summary>
    public long Faults { get; init; }

    /// <summary>Events of the network that came more than once.</summary>
    public long RepeatedEvents { get; init; }

    /// <summary>Acceptances and claims of replaced activations.</summary>
    public long RefusedByFence { get; init; }

    public long WebhookTries { get; init; }

    public TimeSpan VirtualTime { get; init; }

    public static Statistics operator +(Statistics a, Statistics b) => new()
    {
        Runs = a.Runs + b.Runs,
        Steps = a.Steps + b.Steps,
        Messages = a.Messages + b.Messages,
        Uncertain = a.Uncertain + b.Uncertain,
        Doubled = a.Doubled + b.Doubled,
        Disturbances = a.Disturbances + b.Disturbances,
        Faults = a.Faults + b.Faults,
        RepeatedEvents = a.RepeatedEvents + b.RepeatedEvents,
        RefusedByFence = a.RefusedByFence + b.RefusedByFence,
        WebhookTries = a.WebhookTries + b.WebhookTries,
        VirtualTime = a.VirtualTime + b.VirtualTime,
    };
}

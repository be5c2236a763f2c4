namespace Wuts.Domain.Pacing;

/// <summary>From which measure on a signal slows a number. The defaults are in the options, with their sources.</summary>
public sealed record PaceRules
{
    /// <summary>A signal of one kind slows at most once in this time.</summary>
    public required TimeSpan CoolDown { get; init; }

    /// <summary>How long a message has for its first receipt before it counts as undelivered.</summary>
    public required TimeSpan ReceiptGrace { get; init; }

    /// <summary>Of how many messages of a category shares are taken: the last ones.</summary>
    public required int Sample { get; init; }

    /// <summary>Of fewer, no share is taken.</summary>
    public required int LeastSample { get; init; }

    /// <summary>From which share of undelivered messages it slows, 0 to 1.</summary>
    public required double UndeliveredShare { get; init; }

    /// <summary>From which share of messages that the network says were blocked or reported, 0 to 1.</summary>
    public required double BlockedShare { get; init; }

    /// <summary>From how many losses of the link within an hour.</summary>
    public required int DisconnectsPerHour { get; init; }

    /// <summary>How long nothing leaves after a network asked for less and did not say until when.</summary>
    public required TimeSpan ThrottleWait { get; init; }

    /// <summary>The share of the ceiling that a yellow number is held to, 0 to 1.</summary>
    public required double YellowShare { get; init; }

    /// <summary>The share of the ceiling that a red number is held to, 0 to 1.</summary>
    public required double RedShare { get; init; }
}

/// <summary>How a device is paced.</summary>
public sealed record PacePolicy(PaceProfile Profile, PaceRules Rules);

using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;

namespace Wuts.Domain.Waiting;

/// <summary>What a device knows of itself that may keep its messages waiting.</summary>
public sealed record QueueFacts
{
    public required DeviceSession Session { get; init; }

    /// <summary>Whether its silo is about to stop.</summary>
    public bool Draining { get; init; }

    /// <summary>The typing that is being shown for the message in flight; <c>null</c> when there is none.</summary>
    public (DateTimeOffset Since, DateTimeOffset Until)? Typing { get; init; }

    /// <summary>What the message in flight waits for after its typing; <c>null</c> when it waits for no permit.</summary>
    public PermitWait? Permit { get; init; }

    /// <summary>The pace at which it sends; <c>null</c> when it has none.</summary>
    public Tempo? Tempo { get; init; }

    /// <summary>The plan of its warm-up; <c>null</c> when that is over.</summary>
    public WarmUp? WarmUp { get; init; }

    /// <summary>What the network last said of whom it may not write to.</summary>
    public ImmutableArray<Restriction> Restrictions { get; init; } = [];

    /// <summary>How long WhatsApp may take to answer a hand-over before its outcome counts as unknown.</summary>
    public TimeSpan? AnswerLimit { get; init; }

    /// <summary>The messages of unknown outcome for whose evidence the device asks, each with the time at which it stops.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Doubtful { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>What the state of the session makes everything wait for; <c>null</c> when it is connected.</summary>
    internal WaitReason? NotReady => Session.State switch
    {
        DeviceState.Connected => null,
        DeviceState.Connecting => WaitReason.DeviceConnecting,
        DeviceState.QrPending or DeviceState.PairCodePending => WaitReason.DevicePairing,
        DeviceState.LoggedOut => WaitReason.DeviceLoggedOut,
        DeviceState.Banned => WaitReason.DeviceBanned,
        DeviceState.Paused => WaitReason.DevicePaused,
        _ => WaitReason.DeviceDisconnected,
    };
}

/// <summary>A message that has been typed waits until it may be handed over.</summary>
/// <param name="Until">When it has a permit; <c>null</c> when nobody knows.</param>
/// <param name="ForPlace">Whether it has one, and waits for a place in its silo.</param>
public sealed record PermitWait(DateTimeOffset Since, DateTimeOffset? Until, bool ForPlace);

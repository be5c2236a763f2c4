using System.Collections.Immutable;
using Wuts.Domain.Devices;

namespace Wuts.Domain.Pacing;

/// <summary>What is kept of a number's health: written when something in it changes, never for a message.</summary>
public sealed record DeviceHealth
{
    public required Pace Pace { get; init; }

    /// <summary>The last word on each kind.</summary>
    public ImmutableArray<Restriction> Restrictions { get; init; } = [];

    /// <summary>When the link broke, within the last hour.</summary>
    public ImmutableArray<DateTimeOffset> Disconnects { get; init; } = [];

    public DateTimeOffset? BannedAt { get; init; }

    /// <summary>When the number was first paired here: its warm-up begins then.</summary>
    public DateTimeOffset? FirstPairedAt { get; init; }

    /// <summary>What its owner wants of the warm-up.</summary>
    public WarmUpSettings WarmUp { get; init; } = new();

    /// <summary>When the next message was due when the device was drained: where it goes on, it saves nothing up.</summary>
    public DateTimeOffset? NextDueAt { get; init; }

    /// <summary>In which of the device's epochs that was: it is of no use to any but the next, for others have sent since.</summary>
    public long? DrainedIn { get; init; }

    /// <summary>What was last told of it.</summary>
    public HealthBand Told { get; init; }

    /// <summary>Takes in a restriction; older word than what is known changes nothing.</summary>
    public DeviceHealth With(Restriction restriction) => Restrictions.Any(known => known.Kind == restriction.Kind && known.At >= restriction.At)
        ? this
        : this with { Restrictions = Restrictions.RemoveAll(known => known.Kind == restriction.Kind).Add(restriction) };

    /// <summary>Until when the number may not write to somebody, and by which restriction.</summary>
    public Restriction? Forbidding(Contact? contact, string messageId, DateTimeOffset now) => Restrictions
        .Where(restriction => restriction.Forbids(contact, messageId, now) is not null)
        .MaxBy(restriction => restriction.Forbids(contact, messageId, now));

    /// <summary>A message to somebody new has left, which uses up what a cap has left.</summary>
    public DeviceHealth OpenedChat(DateTimeOffset now)
    {
        var cap = Restrictions.FirstOrDefault(restriction => restriction is { Kind: RestrictionKind.NewChats, Remaining: > 0 } && restriction.Holds(now));
        return cap is null ? this : this with { Restrictions = Restrictions.Replace(cap, cap with { Remaining = cap.Remaining - 1 }) };
    }

    /// <summary>The link broke.</summary>
    public DeviceHealth Disconnected(PacePolicy policy, DateTimeOffset now)
    {
        var last = Disconnects.RemoveAll(at => at <= now - TimeSpan.FromHours(1)).Add(now);
        return last.Length < policy.Rules.DisconnectsPerHour
            ? this with { Disconnects = last }
            : this with
            {
                Disconnects = [],
                Pace = Pace.Slowed(policy, new(PaceSignal.Disconnects, null, last.Length, policy.Rules.DisconnectsPerHour), now),
            };
    }
}

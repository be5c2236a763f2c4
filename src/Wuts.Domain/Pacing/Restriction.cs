using Orleans;
using Wuts.Domain.Devices;

namespace Wuts.Domain.Pacing;

/// <summary>What a network last said of whom a number may not write to: see <see cref="DeviceEvent.Restricted"/>.</summary>
/// <param name="Until">When it ends; <c>null</c> for until further word.</param>
/// <param name="Remaining">How many new chats may yet be opened until then; <c>null</c> for none.</param>
[GenerateSerializer, Immutable, Alias("wuts.restriction")]
public sealed record Restriction(
    [property: Id(0)] RestrictionKind Kind,
    [property: Id(1)] DateTimeOffset? Until,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] int? Remaining)
{
    /// <summary>Where the network does not say until when, it is asked again after this; the time is ours.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromHours(24);

    /// <summary>Whether it is in force.</summary>
    public bool Holds(DateTimeOffset now) => Until is not { } until || until > now;

    /// <summary>Until when a message to somebody must wait; <c>null</c> if it need not.</summary>
    /// <param name="contact">What the number knows of the recipient, if anything.</param>
    /// <param name="messageId">The message.</param>
    public DateTimeOffset? Forbids(Contact? contact, string messageId, DateTimeOffset now) =>
        Holds(now) && Remaining is not > 0 && Concerns(contact, messageId) ? Until ?? now + Recheck : null;

    // A stranger never wrote to the number; a new chat is opened by the first message to one.
    private bool Concerns(Contact? contact, string messageId) => Kind switch
    {
        RestrictionKind.ReachOut => contact?.Origin != ContactOrigin.Inbound,
        _ => contact is null || (contact.Origin == ContactOrigin.Outbound && contact.MessageId == messageId),
    };
}

using Orleans;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Pacing;

/// <summary>Who wrote first. The names are stored (snake_case): never rename them.</summary>
public enum ContactOrigin
{
    /// <summary>The number wrote first, and nobody has answered yet.</summary>
    Outbound,

    /// <summary>The other side has written to the number.</summary>
    Inbound,
}

/// <summary>A person that a number has written to, or that wrote to it. Groups and channels are nobody's contacts.</summary>
/// <param name="FirstAt">When it was first heard of.</param>
/// <param name="PlannedAt">
/// Of one that the number reaches out to: not before when, and so on which UTC day it counts. <c>null</c> where it does not count.
/// </param>
/// <param name="MessageId">The message that reaches out; <c>null</c> for one that wrote.</param>
[GenerateSerializer, Immutable, Alias("wuts.contact")]
public sealed record Contact(
    [property: Id(0)] string ChatJid,
    [property: Id(1)] DateTimeOffset FirstAt,
    [property: Id(2)] DateTimeOffset? PlannedAt,
    [property: Id(3)] ContactOrigin Origin,
    [property: Id(4)] string? MessageId)
{
    /// <summary>Whether a chat is with one person.</summary>
    public static bool IsPerson(string chatJid) =>
        chatJid.EndsWith("@" + Jid.UserServer, StringComparison.Ordinal) || chatJid.EndsWith("@" + Jid.LidServer, StringComparison.Ordinal);

    public static Contact Wrote(string chatJid, DateTimeOffset at) => new(chatJid, at, null, ContactOrigin.Inbound, null);
}

using Orleans;
using Wuts.Domain.Pacing;

namespace Wuts.Domain.Sending;

/// <summary>An accepted message as it was accepted. Nothing in it ever changes.</summary>
[GenerateSerializer, Immutable, Alias("wuts.message-envelope")]
public sealed record MessageEnvelope
{
    /// <summary>Our id, and on networks that let the sender choose it, the network's: see <see cref="MessageId"/>.</summary>
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required string TenantId { get; init; }

    [Id(2)] public required string DeviceId { get; init; }

    /// <summary>Whose token sent it.</summary>
    [Id(3)] public required string UserId { get; init; }

    /// <summary>The chat: a user, group or newsletter JID. Messages of one chat leave in the order of <see cref="Position"/>.</summary>
    [Id(4)] public required string ChatJid { get; init; }

    [Id(5)] public required MessageContent Content { get; init; }

    /// <summary>Digest of what the client sent, by which a repeated idempotency key is told from a reused one.</summary>
    [Id(6)] public required string Fingerprint { get; init; }

    [Id(7)] public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>It does not leave before this: acceptance plus the requested delay.</summary>
    [Id(8)] public required DateTimeOffset DueAt { get; init; }

    /// <summary>How long the recipient sees typing before the message; zero for none.</summary>
    [Id(9)] public required TimeSpan Typing { get; init; }

    /// <summary>Place in the device's order of acceptance; unique and growing within a device.</summary>
    [Id(10)] public required long Position { get; init; }

    /// <summary>The W3C <c>traceparent</c> under which it was accepted, if that trace is recorded: all that happens to it later belongs there.</summary>
    [Id(11)] public string? TraceParent { get; init; }

    [Id(12)] public Category Category { get; init; }

    /// <summary>
    /// Whether it goes whatever the recipient's consent: so only for the answer that confirms an opt-out, which the device makes itself. No
    /// request can ask for it.
    /// </summary>
    [Id(13)] public bool ConsentExempt { get; init; }

    /// <summary>On its way to acceptance: what is to be stored with it. <c>null</c> ever after.</summary>
    [Id(14)] public Placement? Placement { get; init; }

    /// <summary>On its way to acceptance: the tenant's epoch under which it was admitted; <c>null</c> without quotas, and ever after.</summary>
    [Id(15)] public long? QuotaEpoch { get; init; }

    /// <summary>As it is stored.</summary>
    internal MessageEnvelope Accepted => this with { Placement = null, QuotaEpoch = null };
}

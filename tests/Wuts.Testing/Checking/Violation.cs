namespace Wuts.Testing.Checking;

/// <summary>A promise that a run has broken.</summary>
/// <param name="Invariant">Which one.</param>
/// <param name="MessageId">The message whose story shows it; <c>null</c> where it is no single one.</param>
/// <param name="Explanation">What contradicts what, with times.</param>
public sealed record Violation(Invariant Invariant, string? MessageId, string Explanation)
{
    public override string ToString() => $"{Invariant}: {Explanation}";
}

/// <summary>The promises, in the words of ARCHITECTURE.md.</summary>
public enum Invariant
{
    /// <summary>A 2xx answer means a stored row, and a row comes to an end or is flagged.</summary>
    NoneLost,

    /// <summary>The network takes each message at most once, but for those flagged uncertain.</summary>
    NoneDoubled,

    /// <summary>In a chat, the network's order is the order of acceptance.</summary>
    ChatOrder,

    /// <summary>Stronger proof is never lost to weaker: no stored state goes back once there is evidence, and acknowledged receipts show.</summary>
    EvidenceOnlyGrows,

    /// <summary>Nothing leaves before its time.</summary>
    NotBeforeDue,

    /// <summary>One hand-over at a time and device.</summary>
    OneAtATime,

    /// <summary>A stale epoch's acceptance or claim is refused.</summary>
    Fence,

    /// <summary>Every transition reaches its endpoint, with the same id on each try.</summary>
    WebhooksArrive,

    /// <summary>One idempotency key is one message.</summary>
    OneKeyOneMessage,

    /// <summary>What came in and was acknowledged is told to the endpoint, once.</summary>
    InboundOnce,

    /// <summary>Nothing is claimed for who said stop, or did not say yes where that is needed; and nobody else is refused for it.</summary>
    NothingAfterOptOut,

    /// <summary>A device, and a chat, gets no more in any time than its rate and burst allow.</summary>
    PaceHolds,

    /// <summary>A cold number writes to no more strangers a day than its schedule says.</summary>
    WarmUpHolds,

    /// <summary>A tenant has no more accepted than its quotas allow, and is not refused while they allow more.</summary>
    QuotasHold,

    /// <summary>What tenants share is divided by their weights, and a pool gives no more than it has.</summary>
    FairShare,

    /// <summary>Each lane of a device gets its floor.</summary>
    LanesMove,
}

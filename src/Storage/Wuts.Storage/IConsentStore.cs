using System.Collections.Immutable;
using Wuts.Domain.Compliance;

namespace Wuts.Storage;

/// <summary>
/// What recipients said about being written to, and the tenants' rules. What they say by keyword comes through
/// <see cref="IInboxStore"/>, with the message that says it.
/// </summary>
/// <remarks>
/// Every change here and there is exact: from when it returns, no acceptance and no claim that it forbids is stored, by any process
/// (<see cref="IMessageStore.WriteAsync"/>). A claim that was stored before is under way.
/// </remarks>
public interface IConsentStore
{
    Task<Consent?> FindAsync(string tenantId, string chatJid, CancellationToken cancellationToken = default);

    /// <summary>Stores what the tenant says. It counts whatever was known; <see cref="Consent.At"/> never goes back for it.</summary>
    /// <returns>The consent as stored.</returns>
    Task<Consent> PutAsync(Consent consent, CancellationToken cancellationToken = default);

    /// <summary>Stores many, each unless it is no news (<see cref="Consent.Apply"/>); all of them or none.</summary>
    /// <param name="consents">All of this tenant. Of several for one chat the newest counts.</param>
    /// <returns>How many were news.</returns>
    Task<int> ImportAsync(string tenantId, ImmutableArray<Consent> consents, CancellationToken cancellationToken = default);

    /// <summary>Forgets a recipient's consent.</summary>
    /// <param name="evenOptedOut">Also when it is an opt-out: whoever said stop may be written to again then, where the mode is opt-out.</param>
    Task<ConsentRemoval> DeleteAsync(string tenantId, string chatJid, bool evenOptedOut, CancellationToken cancellationToken = default);

    /// <summary>A tenant's consents in the order of their JIDs, a page at a time.</summary>
    /// <param name="state">Only these; <c>null</c> for all.</param>
    /// <param name="after">Only those whose JID is after this; <c>null</c> to start.</param>
    Task<ImmutableArray<Consent>> ListAsync(
        string tenantId, ConsentState? state, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>A tenant's rules; <see cref="ConsentPolicy.Default"/> when it never gave any.</summary>
    Task<ConsentPolicy> FindPolicyAsync(string tenantId, CancellationToken cancellationToken = default);

    /// <summary>Replaces a tenant's rules as a whole.</summary>
    Task PutPolicyAsync(string tenantId, ConsentPolicy policy, CancellationToken cancellationToken = default);
}

/// <summary>What became of a wish to forget a consent.</summary>
public enum ConsentRemoval
{
    Removed,

    /// <summary>There is none.</summary>
    NotFound,

    /// <summary>It is an opt-out, and stays.</summary>
    KeptOptOut,
}

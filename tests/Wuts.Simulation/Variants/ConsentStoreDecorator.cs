using System.Collections.Immutable;
using Wuts.Domain.Compliance;
using Wuts.Storage;

namespace Wuts.Simulation.Variants;

/// <summary>A store of consents that does as another one, until something in it is overridden.</summary>
internal abstract class ConsentStoreDecorator(IConsentStore whole) : IConsentStore
{
    public virtual Task<Consent?> FindAsync(string tenantId, string chatJid, CancellationToken cancellationToken) =>
        whole.FindAsync(tenantId, chatJid, cancellationToken);

    public Task<Consent> PutAsync(Consent consent, CancellationToken cancellationToken) => whole.PutAsync(consent, cancellationToken);

    public Task<int> ImportAsync(string tenantId, ImmutableArray<Consent> consents, CancellationToken cancellationToken) =>
        whole.ImportAsync(tenantId, consents, cancellationToken);

    public Task<ConsentRemoval> DeleteAsync(string tenantId, string chatJid, bool evenOptedOut, CancellationToken cancellationToken) =>
        whole.DeleteAsync(tenantId, chatJid, evenOptedOut, cancellationToken);

    public Task<ImmutableArray<Consent>> ListAsync(string tenantId, ConsentState? state, string? after, int limit, CancellationToken cancellationToken) =>
        whole.ListAsync(tenantId, state, after, limit, cancellationToken);

    public Task<ConsentPolicy> FindPolicyAsync(string tenantId, CancellationToken cancellationToken) => whole.FindPolicyAsync(tenantId, cancellationToken);

    public Task PutPolicyAsync(string tenantId, ConsentPolicy policy, CancellationToken cancellationToken) =>
        whole.PutPolicyAsync(tenantId, policy, cancellationToken);
}

using Wuts.Domain.Compliance;
using Wuts.Domain.Sending;

namespace Wuts.Testing.Memory;

/// <summary>What recipients said, and the tenants' rules.</summary>
internal sealed class ConsentTable
{
    private readonly SortedDictionary<(string Tenant, string Chat), Consent> _rows = new(Comparer<(string Tenant, string Chat)>.Create(static (a, b) =>
        string.CompareOrdinal(a.Tenant, b.Tenant) is not 0 and var byTenant ? byTenant : string.CompareOrdinal(a.Chat, b.Chat)));

    public Dictionary<string, ConsentPolicy> Policies { get; } = new(StringComparer.Ordinal);

    public IEnumerable<Consent> Rows => _rows.Values;

    public Consent? Find(string tenantId, string chatJid) => _rows.GetValueOrDefault((tenantId, chatJid));

    public bool MayBeWritten(MessageEnvelope envelope) =>
        Policies.GetValueOrDefault(envelope.TenantId, ConsentPolicy.Default)
            .Refuse(envelope.ChatJid, envelope.Category, Find(envelope.TenantId, envelope.ChatJid)) is null;

    /// <summary>Whatever was known.</summary>
    public Consent Put(Consent consent)
    {
        var said = AsStored(consent);
        var stored = Find(said.TenantId, said.ChatJid) is { } known
            ? said with { At = known.At > said.At ? known.At : said.At, Since = known.State == said.State ? known.Since : said.Since }
            : said;
        return _rows[(said.TenantId, said.ChatJid)] = stored;
    }

    /// <summary>Only if it is news, which it tells; and whether the state is another one now.</summary>
    public (bool News, bool Changed) Apply(Consent consent)
    {
        var said = AsStored(consent);
        var known = Find(said.TenantId, said.ChatJid);
        var next = known?.Apply(said) ?? said;
        if (ReferenceEquals(next, known))
        {
            return (false, false);
        }

        _rows[(said.TenantId, said.ChatJid)] = next;
        return (true, known?.State != next.State);
    }

    public bool Remove(string tenantId, string chatJid) => _rows.Remove((tenantId, chatJid));

    private static Consent AsStored(Consent consent) => consent with { At = consent.At.AsStored(), Since = consent.Since.AsStored() };
}

using Wuts.Domain.Compliance;
using Wuts.Domain.Sending;
using Wuts.Testing.Checking;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.Storage;

/// <summary>What the database knows of consent, commit by commit: looked at after each, whoever it was.</summary>
internal sealed class ConsentLog(MemoryDatabase tables, TimeProvider clock)
{
    private readonly List<ConsentChange> _changes = [];
    private readonly List<ConsentRule> _rules = [];
    private readonly SortedDictionary<(string TenantId, string Chat), ConsentState> _known = [];
    private readonly SortedSet<(string TenantId, Category Category)> _needOptIn = [];

    public IReadOnlyList<ConsentChange> Changes => _changes;

    public IReadOnlyList<ConsentRule> Rules => _rules;

    /// <summary>To be called as soon as something is committed.</summary>
    public void Look() => tables.Read(all =>
    {
        foreach (var consent in all.Consents.Rows.Where(row => !_known.TryGetValue((row.TenantId, row.ChatJid), out var state) || state != row.State).ToArray())
        {
            _known[(consent.TenantId, consent.ChatJid)] = consent.State;
            Say(consent.TenantId, consent.ChatJid, consent.State == ConsentState.OptedOut ? ConsentMark.OptedOut : ConsentMark.OptedIn);
        }

        foreach (var (tenantId, chat) in _known.Keys.Where(key => all.Consents.Find(key.TenantId, key.Chat) is null).ToArray())
        {
            _known.Remove((tenantId, chat));
            Say(tenantId, chat, ConsentMark.None);
        }

        foreach (var (tenantId, policy) in all.Consents.Policies.OrderBy(policy => policy.Key, StringComparer.Ordinal))
        {
            foreach (var category in Enum.GetValues<Category>().Where(category => policy.OptInCategories.Contains(category) != _needOptIn.Contains((tenantId, category))))
            {
                var needs = _needOptIn.Add((tenantId, category)) || !_needOptIn.Remove((tenantId, category));
                _rules.Add(new(clock.GetUtcNow(), tenantId, category, needs, tables.Commits));
            }
        }

        return true;
    });

    private void Say(string tenantId, string chat, ConsentMark mark) => _changes.Add(new(clock.GetUtcNow(), tenantId, chat, mark, tables.Commits));
}

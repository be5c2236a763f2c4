using System.Collections.Immutable;

namespace Wuts.Domain.Quotas;

/// <summary>
/// The recipients whose first message of a tenant was accepted today. Yesterday's are kept too: a message of that day's last moments may
/// not be stored when somebody looks.
/// </summary>
/// <remarks>Changed in place, and of one owner.</remarks>
internal sealed class NewRecipients
{
    // With the number of messages of today that still may come to nothing; of those that are stored, more than any.
    private const int Stored = int.MaxValue;

    private Dictionary<string, int> _today = new(StringComparer.Ordinal);
    private Dictionary<string, int> _yesterday = new(StringComparer.Ordinal);

    public int Count => _today.Count;

    /// <summary>Whether it is known without looking that this recipient takes nothing of today's quota.</summary>
    public bool IsCounted(string chatJid) => _today.ContainsKey(chatJid) || _yesterday.ContainsKey(chatJid);

    public void Restore(IEnumerable<string> stored)
    {
        foreach (var chatJid in stored)
        {
            _today[chatJid] = Stored;
        }
    }

    /// <returns>Whether the charge is to be given back by <see cref="Remove"/> should the message come to nothing.</returns>
    public bool Add(string chatJid)
    {
        if (_yesterday.ContainsKey(chatJid) || _today.GetValueOrDefault(chatJid) == Stored)
        {
            return false;
        }

        _today[chatJid] = _today.GetValueOrDefault(chatJid) + 1;
        return true;
    }

    public void Remove(string chatJid)
    {
        if (_today.TryGetValue(chatJid, out var messages) && messages != Stored)
        {
            if (messages == 1)
            {
                _today.Remove(chatJid);
            }
            else
            {
                _today[chatJid] = messages - 1;
            }
        }
    }

    public ImmutableArray<string> Today => [.. _today.Keys];

    public void BeginDay() => (_yesterday, _today) = (_today, new(StringComparer.Ordinal));
}

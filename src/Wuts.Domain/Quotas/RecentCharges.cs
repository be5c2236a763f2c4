namespace Wuts.Domain.Quotas;

/// <summary>
/// What was counted within the last two minutes, by message. A front end repeats a call that got no answer for up to a minute after it has
/// waited half a minute for one: so a message is counted once, and one that came to nothing is given back in full.
/// </summary>
/// <remarks>Changed in place, and of one owner.</remarks>
internal sealed class RecentCharges
{
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, RecentCharge> _byMessage = new(StringComparer.Ordinal);
    private readonly Queue<RecentCharge> _inOrder = new();

    public IEnumerable<RecentCharge> All => _byMessage.Values;

    public RecentCharge? Find(string messageId) => _byMessage.GetValueOrDefault(messageId);

    public void Add(RecentCharge charge)
    {
        _byMessage[charge.MessageId] = charge;
        _inOrder.Enqueue(charge);
    }

    /// <summary>Takes a charge out; <c>null</c> when it is not known, any more or at all.</summary>
    public RecentCharge? Take(string messageId) => _byMessage.Remove(messageId, out var charge) ? charge : null;

    public void Forget(DateTimeOffset now)
    {
        while (_inOrder.TryPeek(out var oldest) && oldest.At + Memory <= now)
        {
            _inOrder.Dequeue();
            if (_byMessage.TryGetValue(oldest.MessageId, out var charge) && ReferenceEquals(charge, oldest))
            {
                _byMessage.Remove(oldest.MessageId);
            }
        }
    }
}

/// <summary>A message that was counted.</summary>
/// <param name="OfRecipient">Whether its recipient was counted with it.</param>
internal sealed record RecentCharge(string MessageId, string ChatJid, DateTimeOffset At, bool OfRecipient);

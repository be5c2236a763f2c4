using System.Collections.Immutable;

namespace Wuts.Domain.Sending;

/// <summary>A message in its device's queue.</summary>
/// <param name="ReadyAt">It does not leave before this: its due time, or the time of its retry.</param>
/// <param name="Attempts">Dispatch attempts it had so far.</param>
/// <param name="TraceParent">As in its envelope.</param>
public sealed record QueuedMessage(
    string Id, string ChatJid, long Position, DateTimeOffset ReadyAt, TimeSpan Typing, int Attempts = 0, string? TraceParent = null);

/// <summary>What a device should do next.</summary>
public abstract record NextDispatch
{
    private NextDispatch()
    {
    }

    public sealed record Now(QueuedMessage Message) : NextDispatch;

    /// <summary>Nothing is due before <paramref name="Time"/>.</summary>
    public sealed record At(DateTimeOffset Time) : NextDispatch;

    /// <summary>Nothing waits, or one message is in flight, or all that waits is not durable yet.</summary>
    public sealed record Idle : NextDispatch;
}

/// <summary>
/// A device's outbound messages. One is in flight at a time. Within a chat they leave in order of position, always: a message
/// that is delayed, retried or not durable yet holds its chat, and no other. Between chats the one that is due first goes first.
/// </summary>
/// <remarks>
/// A message is first <see cref="Reserve">reserved</see>, which fixes its place, then <see cref="Admit">admitted</see> once it is
/// durable. So acceptances may be stored at the same time and still leave in order.
/// </remarks>
public sealed record OutboundQueue
{
    private const int ExactEstimateLimit = 256;

    public static OutboundQueue Empty { get; } = new();

    private ImmutableDictionary<string, Entry> Entries { get; init; } = ImmutableDictionary<string, Entry>.Empty;

    private ImmutableDictionary<string, ImmutableSortedDictionary<long, string>> Chats { get; init; } =
        ImmutableDictionary<string, ImmutableSortedDictionary<long, string>>.Empty;

    /// <summary>The admitted first message of each chat; these compete.</summary>
    private ImmutableSortedSet<Head> Heads { get; init; } = [];

    private TimeSpan TotalTyping { get; init; }

    /// <summary>The message in flight, or <c>null</c>.</summary>
    public string? InFlight { get; private init; }

    public int Count => Entries.Count;

    public bool IsEmpty => Entries.IsEmpty;

    /// <summary>Since when the message that leaves next may leave, or from when on; <c>null</c> when nothing waits that could.</summary>
    public DateTimeOffset? NextReadyAt => Heads.IsEmpty ? null : Heads.Min!.ReadyAt;

    public bool Contains(string id) => Entries.ContainsKey(id);

    public QueuedMessage? Find(string id) => Entries.GetValueOrDefault(id)?.Message;

    /// <summary>Whether nothing of its chat is before it. An acceptance whose answer was lost may turn up before a message that is in flight.</summary>
    public bool IsFirstInChat(string id) => Entries.TryGetValue(id, out var entry) && First(Chats[entry.Message.ChatJid]) == id;

    /// <summary>Gives a message its place. It is not sent, and holds its chat, until it is admitted. An id that is in already changes nothing.</summary>
    public OutboundQueue Reserve(QueuedMessage message) => Insert(message, admitted: false);

    /// <summary>Puts a durable message in its place, as when the queue is rebuilt.</summary>
    public OutboundQueue Add(QueuedMessage message) => Insert(message, admitted: true);

    /// <summary>The message is durable and may leave.</summary>
    public OutboundQueue Admit(string id) =>
        Entries.TryGetValue(id, out var entry) && !entry.Admitted
            ? Replace(entry with { Admitted = true })
            : this;

    /// <summary>Marks a message as being handed over. Only one can be.</summary>
    public OutboundQueue Begin(string id) =>
        InFlight is null && Entries.ContainsKey(id)
            ? this with { InFlight = id }
            : throw new InvalidOperationException($"Cannot begin {id}: {(InFlight is { } other ? $"{other} is in flight" : "it is not queued")}.");

    /// <summary>It was not sent and goes again, from the same place, not before <paramref name="at"/>.</summary>
    /// <param name="attempts">Attempts it had so far.</param>
    public OutboundQueue Retry(string id, DateTimeOffset at, int attempts) =>
        Entries.TryGetValue(id, out var entry)
            ? Landed(id).Replace(entry with { Message = entry.Message with { ReadyAt = at, Attempts = attempts }, Admitted = true })
            : this;

    /// <summary>Nobody knows whether it was sent: it stays in its place and holds its chat, until it is retried or removed.</summary>
    public OutboundQueue HoldBack(string id) =>
        Entries.TryGetValue(id, out var entry) ? Landed(id).Replace(entry with { Admitted = false }) : this;

    /// <summary>Takes a message off: it was sent, has failed for good, or was never accepted.</summary>
    public OutboundQueue Remove(string id)
    {
        if (!Entries.TryGetValue(id, out var entry))
        {
            return this;
        }

        var message = entry.Message;
        var chat = Chats[message.ChatJid];
        var heads = WithoutHead(chat);
        chat = chat.Remove(message.Position);
        var entries = Entries.Remove(id);
        return this with
        {
            Entries = entries,
            Chats = chat.IsEmpty ? Chats.Remove(message.ChatJid) : Chats.SetItem(message.ChatJid, chat),
            Heads = WithHead(heads, chat, entries),
            TotalTyping = TotalTyping - message.Typing,
            InFlight = InFlight == id ? null : InFlight,
        };
    }

    public NextDispatch Next(DateTimeOffset now)
    {
        if (InFlight is not null || Heads.IsEmpty)
        {
            return new NextDispatch.Idle();
        }

        var head = Heads.Min!;
        return head.ReadyAt <= now ? new NextDispatch.Now(Entries[head.Id].Message) : new NextDispatch.At(head.ReadyAt);
    }

    /// <summary>
    /// About when a queued message will have left, if nothing fails: its own time and typing, and the typing of what goes
    /// before. Beyond 256 messages everything queued counts as going before.
    /// </summary>
    public DateTimeOffset EstimateDeparture(string id, DateTimeOffset now)
    {
        var message = Entries[id].Message;
        var ready = message.ReadyAt > now ? message.ReadyAt : now;
        var ahead = Count > ExactEstimateLimit
            ? TotalTyping - message.Typing
            : Entries.Values.Select(e => e.Message)
                .Where(m => m.Position < message.Position && (m.ReadyAt <= ready || m.ChatJid == message.ChatJid))
                .Aggregate(TimeSpan.Zero, (sum, m) => sum + m.Typing);
        var chatReady = Entries.Count > ExactEstimateLimit
            ? ready
            : Entries.Values.Select(e => e.Message)
                .Where(m => m.ChatJid == message.ChatJid && m.Position < message.Position)
                .Aggregate(ready, (latest, m) => m.ReadyAt > latest ? m.ReadyAt : latest);
        var afterQueue = now + ahead;
        return (afterQueue > chatReady ? afterQueue : chatReady) + message.Typing;
    }

    private OutboundQueue Insert(QueuedMessage message, bool admitted)
    {
        if (Entries.ContainsKey(message.Id))
        {
            return this;
        }

        var chat = Chats.GetValueOrDefault(message.ChatJid, ImmutableSortedDictionary<long, string>.Empty);
        var heads = WithoutHead(chat);
        chat = chat.Add(message.Position, message.Id);
        var entries = Entries.Add(message.Id, new(message, admitted));
        return this with
        {
            Entries = entries,
            Chats = Chats.SetItem(message.ChatJid, chat),
            Heads = WithHead(heads, chat, entries),
            TotalTyping = TotalTyping + message.Typing,
        };
    }

    private OutboundQueue Landed(string id) => InFlight == id ? this with { InFlight = null } : this;

    private OutboundQueue Replace(Entry entry)
    {
        var chat = Chats[entry.Message.ChatJid];
        var heads = WithoutHead(chat);
        var entries = Entries.SetItem(entry.Message.Id, entry);
        return this with { Entries = entries, Heads = WithHead(heads, chat, entries) };
    }

    private ImmutableSortedSet<Head> WithoutHead(ImmutableSortedDictionary<long, string> chat) =>
        chat.IsEmpty ? Heads : Heads.Remove(Head.Of(Entries[First(chat)].Message));

    private static ImmutableSortedSet<Head> WithHead(
        ImmutableSortedSet<Head> heads, ImmutableSortedDictionary<long, string> chat, ImmutableDictionary<string, Entry> entries) =>
        !chat.IsEmpty && entries[First(chat)] is { Admitted: true } first ? heads.Add(Head.Of(first.Message)) : heads;

    private static string First(ImmutableSortedDictionary<long, string> chat)
    {
        using var all = chat.GetEnumerator();
        all.MoveNext();
        return all.Current.Value;
    }

    private sealed record Entry(QueuedMessage Message, bool Admitted);

    private sealed record Head(DateTimeOffset ReadyAt, long Position, string Id) : IComparable<Head>
    {
        public static Head Of(QueuedMessage message) => new(message.ReadyAt, message.Position, message.Id);

        public int CompareTo(Head? other)
        {
            var order = ReadyAt.CompareTo(other!.ReadyAt);
            return order != 0 ? order : Position.CompareTo(other.Position);
        }
    }
}

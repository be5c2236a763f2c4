using System.Collections.Immutable;
using Wuts.Domain.Delivery;

namespace Wuts.Domain.Sending;

/// <summary>
/// A device's outbound messages. One is in flight at a time. Within a chat they leave in order of position, always: a message
/// that is delayed, retried or not durable yet holds its chat, and no other. Between chats the <see cref="Lane">lanes</see> that
/// have something due take turns by <see cref="Weights"/>; within a lane the one that is due first goes first.
/// </summary>
/// <remarks>
/// A message is first <see cref="Reserve">reserved</see>, which fixes its place, then <see cref="Admit">admitted</see> once it is
/// durable. So acceptances may be stored at the same time and still leave in order. Whose turn it is, is not kept: a queue that is
/// rebuilt lets every lane begin anew.
/// </remarks>
public sealed partial record OutboundQueue
{
    private const int MostLookedAt = 64;

    public static OutboundQueue Empty { get; } = new();

    /// <summary>How the lanes share the device.</summary>
    public LaneWeights Weights { get; init; } = LaneWeights.Default;

    private ImmutableDictionary<string, QueueEntry> Entries { get; init; } = ImmutableDictionary<string, QueueEntry>.Empty;

    private ImmutableDictionary<string, Chat> Chats { get; init; } = ImmutableDictionary<string, Chat>.Empty;

    private LaneQueues Competing { get; init; } = LaneQueues.Empty;

    private LaneTurns Turns { get; init; }

    private Departure? Leaving { get; init; }

    /// <summary>The message in flight, or <c>null</c>.</summary>
    public string? InFlight => Leaving?.Id;

    public int Count => Entries.Count;

    public bool IsEmpty => Entries.IsEmpty;

    /// <summary>Since when the longest ready message may leave, or from when on the next may; <c>null</c> when nothing waits that could.</summary>
    public DateTimeOffset? NextReadyAt => LaneQueues.MostUrgentFirst.Min(lane => Competing[lane].Heads.Min?.ReadyAt);

    /// <summary>
    /// From when on the message in flight must give way, as long as it is only being typed to: when a one-time password is ready
    /// that would have gone before it. <c>null</c> when there is none, or when it is the other lane's turn all the same.
    /// </summary>
    /// <param name="opensAt">From when on a category may leave; <c>null</c> when all may.</param>
    public DateTimeOffset? GivesWayAt(Func<Category, DateTimeOffset>? opensAt = null) =>
        Leaving is { } leaving
        && Competing.Authentication.Heads.Min is { } password
        && Chats[Entries[leaving.Id].Message.ChatJid].Lane != Lane.Authentication
        && leaving.TurnsBefore.StartOf(Lane.Authentication) <= leaving.TurnsBefore.StartOf(leaving.Lane)
            ? Later(password.ReadyAt, opensAt?.Invoke(Entries[password.Id].Message.Category) ?? DateTimeOffset.MinValue)
            : null;

    public bool Contains(string id) => Entries.ContainsKey(id);

    public QueuedMessage? Find(string id) => Entries.GetValueOrDefault(id)?.Message;

    /// <summary>A chat's messages in their order.</summary>
    public ImmutableArray<QueuedMessage> InChat(string chatJid) =>
        Chats.TryGetValue(chatJid, out var chat) ? [.. chat.Messages.Select(entry => entry.Message)] : [];

    /// <summary>Whether nothing of its chat is before it. An acceptance whose answer was lost may turn up before a message that is in flight.</summary>
    public bool IsFirstInChat(string id) => Entries.TryGetValue(id, out var entry) && Chats[entry.Message.ChatJid].First.Message.Id == id;

    /// <summary>Gives a message its place. It is not sent, and holds its chat, until it is admitted. An id that is in already changes nothing.</summary>
    public OutboundQueue Reserve(QueuedMessage message) => Insert(new(message, Admitted: false));

    /// <summary>Puts a durable message in its place, as when the queue is rebuilt.</summary>
    public OutboundQueue Add(QueuedMessage message) => Insert(new(message, Admitted: true));

    /// <summary>The message is durable and may leave.</summary>
    public OutboundQueue Admit(string id) =>
        Entries.TryGetValue(id, out var entry) && !entry.Admitted
            ? Replace(entry, entry with { Admitted = true })
            : this;

    /// <summary>Marks a message as being handed over, which is its lane's turn. Only one can be.</summary>
    public OutboundQueue Begin(string id)
    {
        if (InFlight is not null || !Entries.TryGetValue(id, out var entry))
        {
            throw new InvalidOperationException($"Cannot begin {id}: {(InFlight is { } other ? $"{other} is in flight" : "it is not queued")}.");
        }

        var lane = LaneOf(entry);
        return this with { Leaving = new(id, lane, Turns), Turns = Turns.Take(lane, Weights) };
    }

    /// <summary>The message in flight has not been handed over: it goes back to its place, and its lane has its turn again.</summary>
    public OutboundQueue GiveWay(string id) => Leaving?.Id == id ? this with { Turns = Leaving.TurnsBefore, Leaving = null } : this;

    /// <summary>It was not sent and goes again, from the same place, not before <paramref name="at"/>.</summary>
    /// <param name="attempts">Attempts it had so far.</param>
    /// <param name="hold">Why not before, if for something.</param>
    public OutboundQueue Retry(string id, DateTimeOffset at, int attempts, HoldReason? hold = null) =>
        Entries.TryGetValue(id, out var entry)
            ? Landed(id).Replace(entry, new(entry.Message with { ReadyAt = at, Attempts = attempts, Hold = hold }, Admitted: true))
            : this;

    /// <summary>Nobody knows whether it was sent: it stays in its place and holds its chat, until it is retried or removed.</summary>
    public OutboundQueue HoldBack(string id) =>
        Entries.TryGetValue(id, out var entry) ? Landed(id).Replace(entry, entry with { Admitted = false }) : this;

    /// <summary>Takes a message off: it was sent, has failed for good, or was never accepted.</summary>
    public OutboundQueue Remove(string id) =>
        Entries.TryGetValue(id, out var entry)
            ? Landed(id).Change(entry.Message.ChatJid, Chats[entry.Message.ChatJid].Remove(entry), Entries.Remove(id))
            : this;

    public NextDispatch Next(DateTimeOffset now) => Next(now, static _ => DateTimeOffset.MinValue);

    /// <summary>What to do next where some kinds of traffic may not leave yet: then others go first.</summary>
    /// <param name="opensAt">From when on a category may leave.</param>
    public NextDispatch Next(DateTimeOffset now, Func<Category, DateTimeOffset> opensAt)
    {
        if (InFlight is not null)
        {
            return new NextDispatch.Idle();
        }

        Head? next = null;
        var earliest = DateTimeOffset.MaxValue;
        var start = long.MaxValue;
        foreach (var lane in LaneQueues.MostUrgentFirst)
        {
            var (head, ready) = FirstOf(lane, now, opensAt);
            earliest = ready < earliest ? ready : earliest;
            if (head is not null && ready <= now && Turns.StartOf(lane) < start)
            {
                (next, start) = (head, Turns.StartOf(lane));
            }
        }

        return next is not null ? new NextDispatch.Now(Entries[next.Id].Message)
            : earliest < DateTimeOffset.MaxValue ? new NextDispatch.At(earliest)
            : new NextDispatch.Idle();
    }

    // In a lane that waits for its pace not all are looked at: what stands further back goes when these have gone.
    private (Head? Head, DateTimeOffset ReadyAt) FirstOf(Lane lane, DateTimeOffset now, Func<Category, DateTimeOffset> opensAt)
    {
        Head? first = null;
        var soonest = DateTimeOffset.MaxValue;
        var looked = 0;
        foreach (var head in Competing[lane].Heads)
        {
            if (head.ReadyAt >= soonest || ++looked > MostLookedAt)
            {
                break;
            }

            var ready = Later(head.ReadyAt, opensAt(Entries[head.Id].Message.Category));
            if (ready < soonest)
            {
                (first, soonest) = (head, ready);
            }

            if (ready <= now)
            {
                break;
            }
        }

        return (first, soonest);
    }

    private OutboundQueue Insert(QueueEntry entry) => Entries.ContainsKey(entry.Message.Id)
        ? this
        : Change(entry.Message.ChatJid, ChatOf(entry.Message.ChatJid).Add(entry), Entries.Add(entry.Message.Id, entry));

    private OutboundQueue Replace(QueueEntry entry, QueueEntry next) =>
        Change(entry.Message.ChatJid, ChatOf(entry.Message.ChatJid).Remove(entry).Add(next), Entries.SetItem(entry.Message.Id, next));

    private OutboundQueue Change(string jid, Chat chat, ImmutableDictionary<string, QueueEntry> entries) => this with
    {
        Entries = entries,
        Chats = chat.IsEmpty ? Chats.Remove(jid) : Chats.SetItem(jid, chat),
        Competing = Competing.Remove(ChatOf(jid)).Add(chat),
    };

    private OutboundQueue Landed(string id) => InFlight == id ? this with { Leaving = null } : this;

    private Chat ChatOf(string jid) => Chats.GetValueOrDefault(jid, Chat.Empty);

    // Also one that is not admitted yet, as if it were.
    private Lane LaneOf(QueueEntry entry) => Lanes.MoreUrgent(Chats[entry.Message.ChatJid].Lane, entry.Lane);

    /// <param name="TurnsBefore">Whose turn it was when it began.</param>
    private sealed record Departure(string Id, Lane Lane, LaneTurns TurnsBefore);
}

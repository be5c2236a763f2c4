using Wuts.Domain.Pacing;

namespace Wuts.Domain.Sending;

// What goes before a message, and how long that takes. Nothing here changes the queue.
public sealed partial record OutboundQueue
{
    private const int ExactEstimateLimit = 256;

    /// <summary>
    /// About when a queued message will have left, if nothing fails: its own time and typing, the typing of what goes before it (of
    /// its chat, of its lane, and the other lanes' turns meanwhile), and the pace at which these leave. Beyond 256 messages a chat
    /// that goes before counts as the average of its lane.
    /// </summary>
    /// <param name="tempo">The device's pace; <c>null</c> when it has none.</param>
    public DateTimeOffset EstimateDeparture(string id, DateTimeOffset now, Tempo? tempo = null)
    {
        var entry = Entries[id];
        var message = entry.Message;
        var ready = Later(message.ReadyAt, now);
        var (chatReady, inChat, loads) = LoadsBefore(entry, ready, now);
        var lane = LaneOf(entry);
        var ahead = default(Load);
        foreach (var other in LaneQueues.MostUrgentFirst)
        {
            var load = loads[(int)other];
            ahead += other == lane ? load : load.First(Turns.Before(other, lane, loads[(int)lane].Count, Weights));
        }

        if (Leaving is { } leaving && leaving.Id != id)
        {
            ahead = ahead.Add(Entries[leaving.Id].Message);
        }

        var departure = Later(now + ahead.Typing, chatReady) + message.Typing;
        return tempo is null || InFlight == id ? departure : Later(departure, tempo.LeavesAt(message, (ahead.Count, loads[(int)lane].Count, inChat), now));
    }

    /// <summary>Where a message stands; <c>null</c> when it is not queued.</summary>
    /// <param name="tempo">The device's pace; <c>null</c> when it has none.</param>
    public QueuePlace? PlaceOf(string id, DateTimeOffset now, Tempo? tempo = null)
    {
        if (!Entries.TryGetValue(id, out var entry))
        {
            return null;
        }

        var first = Chats[entry.Message.ChatJid].First.Message;
        return new(
            entry.Message, entry.Admitted, InFlight == id, first.Id == id ? null : first, ChatsBefore(entry), EstimateDeparture(id, now, tempo),
            HeldByPace(entry.Message, KeptByPace(tempo, now), tempo, now));
    }

    /// <summary>Every message, chat by chat in the order in which they leave.</summary>
    internal IEnumerable<QueuedState> All(Tempo? tempo, DateTimeOffset now)
    {
        var kept = KeptByPace(tempo, now);
        foreach (var (_, chat) in Chats)
        {
            var message = chat.First.Message;
            yield return new(message, chat.First.Admitted, InFlight == message.Id, true, chat.Lane, HeldByPace(message, kept, tempo, now));
            if (chat.Messages.Count == 1)
            {
                continue; // as in a campaign, where an enumerator for each chat would be most of the work
            }

            foreach (var entry in chat.Messages.Skip(1))
            {
                yield return new(entry.Message, entry.Admitted, InFlight == entry.Message.Id, false, chat.Lane, null);
            }
        }
    }

    /// <summary>What would leave next, and what leads a lane while its category may not leave, with what the pace keeps it for.</summary>
    private Dictionary<string, PaceHold> KeptByPace(Tempo? tempo, DateTimeOffset now)
    {
        var kept = new Dictionary<string, PaceHold>();
        if (tempo is null || InFlight is not null)
        {
            return kept;
        }

        if (Next(now, tempo.CategoryOpensAt) is NextDispatch.Now { Message: var next } && tempo.HoldOf(next, now) is { } hold)
        {
            kept.Add(next.Id, hold);
        }

        foreach (var lane in LaneQueues.MostUrgentFirst)
        {
            if (Competing[lane].Heads.Min is { } head && head.ReadyAt <= now && Entries[head.Id].Message is var first
                && tempo.CategoryOpensAt(first.Category) > now && tempo.HoldOf(first, now) is { } wait)
            {
                kept[head.Id] = wait.Kind == PaceHoldKind.Rate ? wait with { Kind = PaceHoldKind.Category, Flow = tempo.Slowed[first.Category] } : wait;
            }
        }

        return kept;
    }

    // The limit for one recipient puts a message off in the queue, and nowhere else.
    private static PaceHold? HeldByPace(QueuedMessage message, Dictionary<string, PaceHold> kept, Tempo? tempo, DateTimeOffset now) =>
        message.ReadyAt <= now ? kept.GetValueOrDefault(message.Id)
        : tempo?.PairOpensAt(message) == message.ReadyAt ? new(PaceHoldKind.Recipient, null, message.ReadyAt, message.Category, null)
        : null;

    // Each has one message at least that leaves before it.
    private int ChatsBefore(QueueEntry entry)
    {
        var lane = LaneOf(entry);
        var head = Chats[entry.Message.ChatJid].Head ?? new(entry.Message.ReadyAt, entry.Message.Position, entry.Message.Id);
        var own = RankOf(head, lane);
        var before = (long)own;
        foreach (var other in LaneQueues.MostUrgentFirst)
        {
            before += other == lane ? 0 : Math.Min(Competing[other].Heads.Count, Turns.Before(other, lane, own, Weights));
        }

        return (int)before;
    }

    private int RankOf(Head head, Lane lane)
    {
        var rank = Competing[lane].Heads.IndexOf(head);
        return rank < 0 ? ~rank : rank;
    }

    private (DateTimeOffset ChatReady, int InChat, Load[] Loads) LoadsBefore(QueueEntry entry, DateTimeOffset ready, DateTimeOffset now)
    {
        var loads = new Load[LaneQueues.MostUrgentFirst.Length];
        var chat = Chats[entry.Message.ChatJid];
        var chatReady = ready;
        var lane = LaneOf(entry);
        ref var own = ref loads[(int)lane];
        if (chat.Messages.Count > ExactEstimateLimit)
        {
            chatReady = Later(chatReady, chat.First.Message.ReadyAt);
            own = new Load(chat.Messages.Count - 1, chat.Typing - entry.Message.Typing) - InFlightOf(chat);
        }
        else
        {
            foreach (var earlier in chat.Messages.TakeWhile(earlier => earlier.CompareTo(entry) < 0).Where(earlier => earlier.Message.Id != InFlight))
            {
                chatReady = Later(chatReady, earlier.Message.ReadyAt);
                own = own.Add(earlier.Message);
            }
        }

        var inChat = own.Count;
        if (Count > ExactEstimateLimit)
        {
            var place = entry.Message.Id == chat.First.Message.Id && chat.Head is { } head ? head : new(entry.Message.ReadyAt, entry.Message.Position, entry.Message.Id);
            foreach (var other in LaneQueues.MostUrgentFirst)
            {
                loads[(int)other] += OfChatsBefore(other == lane ? place : new(ready, long.MaxValue, string.Empty), other, chat);
            }
        }
        else
        {
            foreach (var other in Entries.Values)
            {
                if (other.Message.ChatJid != entry.Message.ChatJid && other.Message.Id != InFlight && GoesBefore(other, entry, ready, now))
                {
                    ref var load = ref loads[(int)LaneOf(other)];
                    load = load.Add(other.Message);
                }
            }
        }

        return (chatReady, inChat, loads);
    }

    // Of the other chats of a lane those that compete before a place in it, each as large as they are on average.
    private Load OfChatsBefore(Head place, Lane lane, Chat own)
    {
        var (chats, before) = (Competing[lane].Heads.Count, RankOf(place, lane));
        var load = new Load(Competing[lane].Count, Competing[lane].Typing);
        if (own.Lane == lane)
        {
            load -= new Load(own.Messages.Count, own.Typing);
            (chats, before) = own.Head is { } head ? (chats - 1, head.CompareTo(place) < 0 ? before - 1 : before) : (chats, before);
        }

        if (Leaving is { } leaving && Chats[Entries[leaving.Id].Message.ChatJid] is var left && !ReferenceEquals(left, own) && left.Lane == lane)
        {
            load -= InFlightOf(left);
            (chats, before) = left is { Messages.Count: 1, Head: { } head } ? (chats - 1, head.CompareTo(place) < 0 ? before - 1 : before) : (chats, before);
        }

        return chats > 0 ? load.Part(before, chats) : default;
    }

    private Load InFlightOf(Chat chat) => chat.First.Message.Id == InFlight ? default(Load).Add(chat.First.Message) : default;

    private bool GoesBefore(QueueEntry other, QueueEntry entry, DateTimeOffset ready, DateTimeOffset now)
    {
        if (LaneOf(other) != LaneOf(entry))
        {
            return other.Message.ReadyAt <= ready;
        }

        var order = Later(other.Message.ReadyAt, now).CompareTo(ready);
        return order < 0 || (order == 0 && other.CompareTo(entry) < 0);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>Messages and their typing.</summary>
    private readonly record struct Load(int Count, TimeSpan Typing)
    {
        public Load Add(QueuedMessage message) => new(Count + 1, Typing + message.Typing);

        /// <summary>So many of them at most.</summary>
        public Load First(long count) => count >= Count ? this : Part((int)count, Count);

        public Load Part(int part, int whole) => new((int)((long)Count * part / whole), Typing * ((double)part / whole));

        public static Load operator +(Load a, Load b) => new(a.Count + b.Count, a.Typing + b.Typing);

        public static Load operator -(Load a, Load b) => new(a.Count - b.Count, a.Typing - b.Typing);
    }
}

/// <summary>Where a message stands in its queue.</summary>
/// <param name="Admitted">Whether it may leave when its turn comes: it is durable, and nothing is doubtful about it.</param>
/// <param name="Behind">The first message of its chat, if that is not itself.</param>
/// <param name="Before">Chats that have their turn before its own.</param>
/// <param name="LeavesAt">About when it will have left: see <see cref="OutboundQueue.EstimateDeparture"/>.</param>
/// <param name="Pace">What its device's pace keeps it for, when nothing else does.</param>
public sealed record QueuePlace(
    QueuedMessage Message, bool Admitted, bool InFlight, QueuedMessage? Behind, int Before, DateTimeOffset LeavesAt, PaceHold? Pace = null);

/// <summary>A message of a queue, seen in passing.</summary>
internal readonly record struct QueuedState(QueuedMessage Message, bool Admitted, bool InFlight, bool First, Lane Lane, PaceHold? Pace);

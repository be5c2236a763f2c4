using System.Collections.Immutable;

namespace Wuts.Domain.Sending;

/// <summary>The chats of one device by lane.</summary>
internal sealed record LaneQueues(LaneQueue Authentication, LaneQueue Utility, LaneQueue Marketing)
{
    public static readonly ImmutableArray<Lane> MostUrgentFirst = [Lane.Authentication, Lane.Utility, Lane.Marketing];

    public static LaneQueues Empty { get; } = new(LaneQueue.Empty, LaneQueue.Empty, LaneQueue.Empty);

    public LaneQueue this[Lane lane] => lane switch
    {
        Lane.Authentication => Authentication,
        Lane.Utility => Utility,
        _ => Marketing,
    };

    public LaneQueues Add(Chat chat) => chat.IsEmpty ? this : With(chat.Lane, this[chat.Lane].Add(chat));

    public LaneQueues Remove(Chat chat) => chat.IsEmpty ? this : With(chat.Lane, this[chat.Lane].Remove(chat));

    private LaneQueues With(Lane lane, LaneQueue queue) => lane switch
    {
        Lane.Authentication => this with { Authentication = queue },
        Lane.Utility => this with { Utility = queue },
        _ => this with { Marketing = queue },
    };
}

/// <summary>The chats of one lane.</summary>
/// <param name="Heads">Those of them that compete, what is due first first.</param>
/// <param name="Count">Messages in all of them.</param>
/// <param name="Typing">The typing of all of these messages.</param>
internal sealed record LaneQueue(ImmutableSortedSet<Head> Heads, int Count, TimeSpan Typing)
{
    public static LaneQueue Empty { get; } = new([], 0, TimeSpan.Zero);

    public LaneQueue Add(Chat chat) => new(
        chat.Head is { } head ? Heads.Add(head) : Heads, Count + chat.Messages.Count, Typing + chat.Typing);

    public LaneQueue Remove(Chat chat) => new(
        chat.Head is { } head ? Heads.Remove(head) : Heads, Count - chat.Messages.Count, Typing - chat.Typing);
}

/// <summary>A chat that competes.</summary>
/// <param name="ReadyAt">Since when it may leave, or from when on.</param>
/// <param name="Position">Of two that are ready at once the smaller goes first.</param>
/// <param name="Id">The message that would leave.</param>
internal sealed record Head(DateTimeOffset ReadyAt, long Position, string Id) : IComparable<Head>
{
    public int CompareTo(Head? other)
    {
        var order = ReadyAt.CompareTo(other!.ReadyAt);
        order = order != 0 ? order : Position.CompareTo(other.Position);
        return order != 0 ? order : string.CompareOrdinal(Id, other.Id);
    }
}

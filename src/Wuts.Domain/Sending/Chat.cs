using System.Collections.Immutable;

namespace Wuts.Domain.Sending;

/// <summary>The messages of one chat that wait, in the order in which they leave.</summary>
/// <param name="Urgent">Of the admitted messages of the most urgent lane the first: by it the whole chat competes.</param>
internal sealed record Chat(ImmutableSortedSet<QueueEntry> Messages, TimeSpan Typing, LaneCounts All, LaneCounts Admitted, QueueEntry? Urgent)
{
    public static Chat Empty { get; } = new([], TimeSpan.Zero, default, default, null);

    public bool IsEmpty => Messages.IsEmpty;

    public QueueEntry First => Messages.Min!;

    /// <summary>
    /// The most urgent lane of any admitted message in it. Its first message competes there, whatever its own lane: what stands
    /// before a one-time password in its chat must leave before it can.
    /// </summary>
    public Lane Lane => Urgent?.Lane ?? All.MostUrgent ?? Lane.Utility;

    /// <summary>
    /// By what it competes; <c>null</c> while its first message is not admitted. It is as old in its lane as the message that brought it
    /// there, so that none which has waited there for longer is overtaken.
    /// </summary>
    public Head? Head => First is not { Admitted: true, Message: var first } ? null
        : Urgent!.Message is var urgent && urgent.AcceptedAt > first.ReadyAt && urgent.Id != first.Id ? new(urgent.AcceptedAt, urgent.Position, first.Id)
        : new(first.ReadyAt, urgent.Position, first.Id);

    public Chat Add(QueueEntry entry) => new(
        Messages.Add(entry),
        Typing + entry.Message.Typing,
        All.Add(entry.Lane, 1),
        entry.Admitted ? Admitted.Add(entry.Lane, 1) : Admitted,
        entry.Admitted && (Urgent is null || entry.IsMoreUrgentThan(Urgent)) ? entry : Urgent);

    public Chat Remove(QueueEntry entry)
    {
        var messages = Messages.Remove(entry);
        var admitted = entry.Admitted ? Admitted.Add(entry.Lane, -1) : Admitted;
        var urgent = Urgent?.Message.Id != entry.Message.Id ? Urgent
            : admitted.MostUrgent is { } lane ? messages.First(other => other.Admitted && other.Lane == lane) // each is passed once, when the one before it has left
            : null;
        return new(messages, Typing - entry.Message.Typing, All.Add(entry.Lane, -1), admitted, urgent);
    }
}

/// <param name="Admitted">Whether it is durable, and nothing is doubtful about it.</param>
internal sealed record QueueEntry(QueuedMessage Message, bool Admitted) : IComparable<QueueEntry>
{
    public Lane Lane => Lanes.Of(Message.Category);

    public bool IsMoreUrgentThan(QueueEntry other) => Lane < other.Lane || (Lane == other.Lane && CompareTo(other) < 0);

    public int CompareTo(QueueEntry? other)
    {
        var order = Message.Position.CompareTo(other!.Message.Position);
        return order != 0 ? order : string.CompareOrdinal(Message.Id, other.Message.Id);
    }
}

internal readonly record struct LaneCounts(int Authentication, int Utility, int Marketing)
{
    public Lane? MostUrgent => Authentication > 0 ? Lane.Authentication : Utility > 0 ? Lane.Utility : Marketing > 0 ? Lane.Marketing : null;

    public LaneCounts Add(Lane lane, int change) => lane switch
    {
        Lane.Authentication => this with { Authentication = Authentication + change },
        Lane.Utility => this with { Utility = Utility + change },
        _ => this with { Marketing = Marketing + change },
    };
}

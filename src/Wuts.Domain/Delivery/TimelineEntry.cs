using Orleans;

namespace Wuts.Domain.Delivery;

/// <summary>What happened to a message. The names are stored (snake_case): add, never rename.</summary>
public enum TimelineKind
{
    Accepted,
    Claimed,
    Sent,
    RetryScheduled,
    Failed,
    Uncertain,
    NotSent,
    Delivered,
    Read,
    Played,
    Canceled,
    Rejected,
    Expired,
    Overdue,
    Held,
    Released,
}

/// <summary>Who told us.</summary>
public enum TimelineSource
{
    Api,
    Device,
    Network,
    Rule,
    Operator,
}

/// <summary>One line of a message's history.</summary>
/// <param name="At">When it happened, by the clock of whoever told us.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Source">Who told us.</param>
/// <param name="Attempt">Which attempt it belongs to, from 1; 0 before the first.</param>
/// <param name="Detail">A failure's code and sentence, a retry's time: for people. Never a number or a text.</param>
[GenerateSerializer, Immutable, Alias("wuts.timeline-entry")]
public sealed record TimelineEntry(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] TimelineKind Kind,
    [property: Id(2)] TimelineSource Source,
    [property: Id(3)] int Attempt,
    [property: Id(4)] string? Detail = null);

using Orleans;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Pacing;

/// <summary>What makes a pace change. The names are stored and shown in snake_case: add, never rename.</summary>
public enum PaceSignal
{
    /// <summary>Too many of the last messages have not reached a phone in the time that they have.</summary>
    Undelivered,

    /// <summary>The network says of messages that recipients block or report the number.</summary>
    Blocked,

    /// <summary>The network asked to send more slowly.</summary>
    Throttled,

    /// <summary>The network rates the number's quality anew.</summary>
    Quality,

    /// <summary>The link broke too often within an hour.</summary>
    Disconnects,

    /// <summary>The number was banned for a time.</summary>
    TemporaryBan,

    /// <summary>No signal for an interval or more: the pace rises.</summary>
    Recovery,
}

/// <summary>A change of the pace, with its reason.</summary>
/// <param name="Category">Whose pace; <c>null</c> for the whole number's.</param>
/// <param name="Value">What was measured: a share of 0 to 1, a number of events, a wait in seconds; <c>null</c> where nothing is.</param>
/// <param name="Threshold">What it was held against.</param>
/// <param name="Before">Messages a second before.</param>
/// <param name="After">Messages a second from then on.</param>
[GenerateSerializer, Immutable, Alias("wuts.pace-change")]
public sealed record PaceChange(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] PaceSignal Signal,
    [property: Id(2)] Category? Category,
    [property: Id(3)] double? Value,
    [property: Id(4)] double? Threshold,
    [property: Id(5)] double Before,
    [property: Id(6)] double After);

/// <summary>Something that was measured and is too much.</summary>
/// <param name="Category">The traffic that it came from; <c>null</c> for the whole number.</param>
public sealed record PaceWarning(PaceSignal Signal, Category? Category, double? Value, double? Threshold);

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Domain.Sending;
using Wuts.Domain.Waiting;

namespace Wuts.Api.Devices;

/// <summary>A device's queue and what it waits for.</summary>
internal sealed record DeviceQueue
{
    public required string DeviceId { get; init; }

    /// <summary>Messages that have not left, the one in flight included.</summary>
    public required int Waiting { get; init; }

    /// <summary>The id of the message that is being typed or handed over now. Null without one.</summary>
    public required string? InFlight { get; init; }

    /// <summary>When the oldest of them was accepted. Null when none waits.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset? OldestAcceptedAt { get; init; }

    /// <summary>When the next may begin to leave. Null when nobody knows, and when none waits.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset? NextDepartureAt { get; init; }

    /// <summary>By the lane in which their chats compete, the most urgent lane first.</summary>
    public required ImmutableArray<LaneCount> Lanes { get; init; }

    /// <summary>By their own category.</summary>
    public required ImmutableArray<CategoryCount> Categories { get; init; }

    /// <summary>By what they wait for, the largest group first.</summary>
    public required ImmutableArray<QueueGroup> Groups { get; init; }

    public static DeviceQueue Of(string deviceId, QueueReport report) => new()
    {
        DeviceId = deviceId,
        Waiting = report.Waiting,
        InFlight = report.InFlight,
        OldestAcceptedAt = report.OldestAcceptedAt,
        NextDepartureAt = report.NextDepartureAt,
        Lanes = [.. report.Lanes.Select(tally => new LaneCount { Lane = tally.Lane, Waiting = tally.Waiting })],
        Categories = [.. report.Categories.Select(tally => new CategoryCount { Category = tally.Category, Waiting = tally.Waiting })],
        Groups = [.. report.Groups.Select(QueueGroup.Of)],
    };
}

/// <summary>How many messages wait in a lane.</summary>
internal sealed record LaneCount
{
    [JsonConverter(typeof(StoredNameConverter<Lane>))]
    public required Lane Lane { get; init; }

    public required int Waiting { get; init; }
}

/// <summary>How many messages of a category wait.</summary>
internal sealed record CategoryCount
{
    [JsonConverter(typeof(StoredNameConverter<Category>))]
    public required Category Category { get; init; }

    public required int Waiting { get; init; }
}

/// <summary>Messages that wait for the same thing.</summary>
internal sealed record QueueGroup
{
    /// <summary>For programs; new ones may be added.</summary>
    [JsonConverter(typeof(StoredNameConverter<WaitReason>))]
    public required WaitReason Reason { get; init; }

    public required int Count { get; init; }

    /// <summary>Since when the first of them waits: for a delay and a retry, since its acceptance.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the last of them is released, as far as is known now. Null when nobody knows.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset? Until { get; init; }

    /// <summary>The same in a sentence that may be shown to a customer.</summary>
    public required string Sentence { get; init; }

    public static QueueGroup Of(WaitingGroup group) =>
        new() { Reason = group.Reason, Count = group.Count, Since = group.Since, Until = group.Until, Sentence = group.Sentence };
}

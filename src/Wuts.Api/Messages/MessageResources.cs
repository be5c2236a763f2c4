using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Api.Errors;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;

namespace Wuts.Api.Messages;

/// <summary>A message's delivery in the contract's words.</summary>
internal sealed record MessageStatusAnswer
{
    public bool Success { get; init; } = true;

    public required string MessageId { get; init; }

    public required string ChatJid { get; init; }

    public required bool IsGroup { get; init; }

    /// <summary>pending, delivered, read, played or failed. Pending is everything up to and including sent; `state` tells more.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset? DeliveredAt { get; init; }

    public required DateTimeOffset? ReadAt { get; init; }

    public required DateTimeOffset? PlayedAt { get; init; }

    /// <summary>queued, dispatching, uncertain, sent, delivered, read, played, failed, rejected, canceled or expired.</summary>
    public required string State { get; init; }

    /// <summary>Why it failed, in a sentence that may be shown to a customer.</summary>
    public required string? Reason { get; init; }

    public static MessageStatusAnswer Of(Message message) => new()
    {
        MessageId = message.Envelope.Id,
        ChatJid = message.Envelope.ChatJid,
        IsGroup = Jid.IsGroup(message.Envelope.ChatJid),
        Status = MessageWords.StatusOf(message.State),
        DeliveredAt = MessageWords.DeliveredAt(message.Delivery),
        ReadAt = MessageWords.ReadAt(message.Delivery),
        PlayedAt = message.Delivery.PlayedAt,
        State = StoredName.Of(message.State),
        Reason = message.Failure?.Explanation,
    };
}

/// <summary>All there is to know of a message but its text.</summary>
internal sealed record MessageAnswer
{
    public bool Success { get; init; } = true;

    public required string MessageId { get; init; }

    public required string DeviceId { get; init; }

    public required string UserId { get; init; }

    public required string ChatJid { get; init; }

    public required bool IsGroup { get; init; }

    /// <summary>text.</summary>
    public required string Type { get; init; }

    /// <summary>pending, delivered, read, played or failed: the contract's words.</summary>
    public required string Status { get; init; }

    /// <summary>queued, dispatching, uncertain, sent, delivered, read, played, failed, rejected, canceled or expired.</summary>
    public required string State { get; init; }

    /// <summary>Why it failed, in a sentence that may be shown to a customer.</summary>
    public required string? Reason { get; init; }

    public required FailureResource? Failure { get; init; }

    /// <summary>Attempts to hand it to WhatsApp so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>Whether the outcome of an attempt was ever unknown. It stays, also once evidence settled it.</summary>
    public required bool Uncertain { get; init; }

    /// <summary>Whether a receipt is missing that should have come by now.</summary>
    public required bool Overdue { get; init; }

    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>It does not leave before this.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset DueAt { get; init; }

    public required DateTimeOffset? SentAt { get; init; }

    public required DateTimeOffset? DeliveredAt { get; init; }

    public required DateTimeOffset? ReadAt { get; init; }

    public required DateTimeOffset? PlayedAt { get; init; }

    public required DateTimeOffset? FailedAt { get; init; }

    /// <summary>What happened to it, in order.</summary>
    public required ImmutableArray<TimelineResource> Timeline { get; init; }

    public static MessageAnswer Of(Message message, ImmutableArray<TimelineEntry> timeline) => new()
    {
        MessageId = message.Envelope.Id,
        DeviceId = message.Envelope.DeviceId,
        UserId = message.Envelope.UserId,
        ChatJid = message.Envelope.ChatJid,
        IsGroup = Jid.IsGroup(message.Envelope.ChatJid),
        Type = message.Envelope.Content.Kind,
        Status = MessageWords.StatusOf(message.State),
        State = StoredName.Of(message.State),
        Reason = message.Failure?.Explanation,
        Failure = message.Failure is { } failure ? FailureResource.Of(failure) : null,
        Attempts = message.Attempt,
        Uncertain = message.UncertainAt is not null,
        Overdue = message.OverdueAt is not null,
        AcceptedAt = message.Envelope.AcceptedAt,
        DueAt = message.Envelope.DueAt,
        SentAt = message.Delivery.SentAt,
        DeliveredAt = MessageWords.DeliveredAt(message.Delivery),
        ReadAt = MessageWords.ReadAt(message.Delivery),
        PlayedAt = message.Delivery.PlayedAt,
        FailedAt = message.Delivery.FailedAt ?? MessageWords.LastFailureIn(timeline),
        Timeline = [.. timeline.Select(TimelineResource.Of)],
    };
}

/// <summary>One line of a message's history.</summary>
internal sealed record TimelineResource
{
    /// <summary>When it happened, by the clock of whoever told us.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset At { get; init; }

    /// <summary>accepted, claimed, sent, retry_scheduled, failed, uncertain, not_sent, delivered, read, played, canceled, rejected, expired or overdue.</summary>
    public required string Kind { get; init; }

    /// <summary>Who told us: api, device, network, rule or operator.</summary>
    public required string Source { get; init; }

    /// <summary>Which attempt it belongs to, from 1; 0 before the first.</summary>
    public required int Attempt { get; init; }

    public required string? Detail { get; init; }

    public static TimelineResource Of(TimelineEntry entry) => new()
    {
        At = entry.At,
        Kind = StoredName.Of(entry.Kind),
        Source = StoredName.Of(entry.Source),
        Attempt = entry.Attempt,
        Detail = entry.Detail,
    };
}

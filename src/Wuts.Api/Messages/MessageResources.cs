using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Api.Errors;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Domain.Waiting;

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

    /// <summary>authentication, utility, service or marketing.</summary>
    public required string Category { get; init; }

    /// <summary>pending, delivered, read, played or failed: the contract's words.</summary>
    public required string Status { get; init; }

    /// <summary>queued, dispatching, uncertain, sent, delivered, read, played, failed, rejected, canceled or expired.</summary>
    public required string State { get; init; }

    /// <summary>Why it failed, in a sentence that may be shown to a customer.</summary>
    public required string? Reason { get; init; }

    public required FailureResource? Failure { get; init; }

    /// <summary>What it waits for, while it has not left or nobody knows whether it has. Null otherwise.</summary>
    public required WaitingResource? WaitingFor { get; init; }

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

    /// <summary>It does not leave before this, for what `hold` says; null when it waits for nothing but its turn.</summary>
    public required DateTimeOffset? NotBefore { get; init; }

    /// <summary>
    /// retry: an attempt was refused. warm_up: the recipient is new to a number that is being warmed up. restricted: WhatsApp does not let
    /// the number write to the recipient yet.
    /// </summary>
    public required string? Hold { get; init; }

    public required DateTimeOffset? SentAt { get; init; }

    public required DateTimeOffset? DeliveredAt { get; init; }

    public required DateTimeOffset? ReadAt { get; init; }

    public required DateTimeOffset? PlayedAt { get; init; }

    public required DateTimeOffset? FailedAt { get; init; }

    /// <summary>What happened to it, in order.</summary>
    public required ImmutableArray<TimelineResource> Timeline { get; init; }

    public static MessageAnswer Of(Message message, ImmutableArray<TimelineEntry> timeline, WaitingFor? waiting) => new()
    {
        MessageId = message.Envelope.Id,
        DeviceId = message.Envelope.DeviceId,
        UserId = message.Envelope.UserId,
        ChatJid = message.Envelope.ChatJid,
        IsGroup = Jid.IsGroup(message.Envelope.ChatJid),
        Type = message.Envelope.Content.Kind,
        Category = StoredName.Of(message.Envelope.Category),
        Status = MessageWords.StatusOf(message.State),
        State = StoredName.Of(message.State),
        Reason = message.Failure?.Explanation,
        Failure = message.Failure is { } failure ? FailureResource.Of(failure) : null,
        WaitingFor = waiting is null ? null : WaitingResource.Of(waiting),
        Attempts = message.Attempt,
        Uncertain = message.UncertainAt is not null,
        Overdue = message.OverdueAt is not null,
        AcceptedAt = message.Envelope.AcceptedAt,
        DueAt = message.Envelope.DueAt,
        NotBefore = message is { State: MessageState.Queued, Hold: not null } && IsHeld(waiting) ? message.NotBefore : null,
        Hold = message is { State: MessageState.Queued, Hold: { } hold } && IsHeld(waiting) ? StoredName.Of(hold) : null,
        SentAt = message.Delivery.SentAt,
        DeliveredAt = MessageWords.DeliveredAt(message.Delivery),
        ReadAt = MessageWords.ReadAt(message.Delivery),
        PlayedAt = message.Delivery.PlayedAt,
        FailedAt = message.Delivery.FailedAt ?? MessageWords.LastFailureIn(timeline),
        Timeline = [.. timeline.Select(TimelineResource.Of)],
    };

    // Its row keeps a hold until its claim, also when that is over and it waits for its turn.
    private static bool IsHeld(WaitingFor? waiting) => waiting?.Reason is WaitReason.Retry or WaitReason.WarmUp or WaitReason.Restricted;
}

/// <summary>One line of a message's history.</summary>
internal sealed record TimelineResource
{
    /// <summary>When it happened, by the clock of whoever told us.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset At { get; init; }

    /// <summary>accepted, claimed, sent, retry_scheduled, failed, uncertain, not_sent, delivered, read, played, canceled, rejected, expired, overdue, held or released.</summary>
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

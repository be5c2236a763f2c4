namespace Wuts.Api.Sending;

/// <summary>The message was handed to WhatsApp.</summary>
internal sealed record SendAnswerSent
{
    public bool Success { get; init; } = true;

    public required string MessageId { get; init; }

    /// <summary>When WhatsApp took it.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Always sent. What becomes of it is told by `GET /messages/{id}/status` and by webhooks.</summary>
    public string Status { get; init; } = "sent";

    public required string ChatJid { get; init; }

    public required SendMetadata Metadata { get; init; }
}

internal sealed record SendMetadata
{
    public required string DeviceId { get; init; }

    public required string UserId { get; init; }

    /// <summary>From acceptance until WhatsApp took it: delay, typing and queueing included.</summary>
    public required long ProcessingTimeMs { get; init; }

    /// <summary>Whether typing was shown.</summary>
    public required bool PresenceSent { get; init; }

    public required int PresenceDurationSeconds { get; init; }

    public required int MentionsProcessed { get; init; }

    /// <summary>Whether the message answers another one.</summary>
    public required bool QuotedMessageFound { get; init; }

    public required DateTimeOffset SentAt { get; init; }
}

/// <summary>The message is stored and not lost, but had not left when this was answered.</summary>
internal sealed record SendAnswerPending
{
    public bool Success { get; init; } = true;

    public required string MessageId { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>queued, or uncertain: handed to WhatsApp, whose answer did not come.</summary>
    public required string Status { get; init; }

    public required string ChatJid { get; init; }

    /// <summary>About when it will have left, as far as can be told now.</summary>
    public required DateTimeOffset EstimatedAt { get; init; }

    /// <summary>What this means and what to do, for people.</summary>
    public required string Message { get; init; }

    public required PendingMetadata Metadata { get; init; }
}

internal sealed record PendingMetadata(string DeviceId, string UserId);

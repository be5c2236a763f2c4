using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Domain.Webhooks;
using Wuts.Storage;

namespace Wuts.Api.Webhooks;

/// <summary>A device's webhook, as a whole: what is left out goes back to its default, the secret included.</summary>
internal sealed record WebhookRequest
{
    /// <summary>Where events are posted: https, on a public address, without user, password or fragment.</summary>
    [MaxLength(2048)]
    public required string WebhookUrl { get; init; }

    /// <summary>Names of `GET /webhook/events`; `*` for all of them.</summary>
    [MinLength(1)]
    public required ImmutableArray<string> EnabledEvents { get; init; }

    [DefaultValue(true)]
    public bool? Enabled { get; init; }

    /// <summary>Retries after the first attempt. Left out: the schedule of Standard Webhooks, 9 retries over about 75 hours.</summary>
    [Range(0, WebhookEndpoint.MaxRetries)]
    public int? RetryAttempts { get; init; }

    /// <summary>Seconds that one attempt may take.</summary>
    [Range(1, WebhookEndpoint.MaxTimeoutSeconds), DefaultValue(WebhookEndpoint.DefaultTimeoutSeconds)]
    public int? Timeout { get; init; }

    /// <summary>
    /// Signs each delivery: `whsec_` and base64 of 24 to 64 bytes, or any text of 1 to 256 characters. Kept encrypted, never shown
    /// again. Left out: deliveries are not signed.
    /// </summary>
    [MaxLength(256)]
    public string? Secret { get; init; }

    /// <summary>Sent with each delivery.</summary>
    public ImmutableDictionary<string, string>? Headers { get; init; }

    /// <summary>The device: see the query parameter of this name.</summary>
    public string? DeviceId { get; init; }
}

/// <summary>Where a device's events are posted.</summary>
internal sealed record WebhookResource
{
    public required string Id { get; init; }

    public required string DeviceId { get; init; }

    public required string WebhookUrl { get; init; }

    public required ImmutableArray<string> EnabledEvents { get; init; }

    public required bool Enabled { get; init; }

    public required int RetryAttempts { get; init; }

    /// <summary>Seconds that one attempt may take.</summary>
    public required int Timeout { get; init; }

    public required ImmutableDictionary<string, string> Headers { get; init; }

    /// <summary>Whether deliveries are signed. The secret itself is never shown.</summary>
    public required bool HasSecret { get; init; }

    /// <summary>Why we disabled it; configure it again to enable it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DisabledReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static WebhookResource Of(WebhookEndpoint endpoint) => new()
    {
        Id = endpoint.Id,
        DeviceId = endpoint.DeviceId,
        WebhookUrl = endpoint.Url.OriginalString,
        EnabledEvents = endpoint.Events,
        Enabled = endpoint.Enabled,
        RetryAttempts = endpoint.Retries ?? DeliverySchedule.Standard.Length,
        Timeout = (int)endpoint.Timeout.TotalSeconds,
        Headers = endpoint.Headers,
        HasSecret = endpoint.ProtectedSecret is not null,
        DisabledReason = endpoint.DisabledReason,
        CreatedAt = endpoint.CreatedAt,
        UpdatedAt = endpoint.UpdatedAt,
    };
}

internal sealed record WebhookAnswer
{
    public bool Success { get; init; } = true;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }

    public required WebhookResource Webhook { get; init; }
}

internal sealed record WebhookEventsAnswer
{
    public bool Success { get; init; } = true;

    public required ImmutableArray<string> Events { get; init; }
}

internal sealed record DeadLettersAnswer
{
    public bool Success { get; init; } = true;

    public required ImmutableArray<DeadLetterResource> DeadLetters { get; init; }
}

/// <summary>An event that was not delivered and is not tried any more.</summary>
internal sealed record DeadLetterResource
{
    /// <summary>Its number among the endpoint's events, as in the envelope.</summary>
    public required long Sequence { get; init; }

    public required string Event { get; init; }

    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The message it is about; null for other events.</summary>
    public required string? MessageId { get; init; }

    public required int Attempts { get; init; }

    /// <summary>The HTTP status of the last attempt; null when there was no answer.</summary>
    public required int? LastStatus { get; init; }

    public required string? LastError { get; init; }

    public static DeadLetterResource Of(OutboxRetry retry) => new()
    {
        Sequence = retry.Event.Sequence,
        Event = retry.Event.Type,
        Timestamp = retry.Event.At,
        MessageId = retry.Event.Message?.Envelope.Id,
        Attempts = retry.Attempts,
        LastStatus = retry.LastStatus,
        LastError = retry.LastError,
    };
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Domain.Delivery;

namespace Wuts.Api.Errors;

/// <summary>What every failure looks like. Branch on the HTTP status and `error_code`; `error` is for people and may be reworded.</summary>
internal sealed record ErrorEnvelope
{
    /// <summary>Always false.</summary>
    public bool Success { get; init; }

    public required string Error { get; init; }

    public required string ErrorCode { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Whether the same request may succeed later without anybody changing anything.</summary>
    public required bool Retryable { get; init; }

    /// <summary>The fields that were not acceptable; only with VALIDATION_ERROR.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<FieldError>? Validation { get; init; }

    /// <summary>The message this is about, once there is or may be one: ask `GET /messages/{id}`.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MessageId { get; init; }

    /// <summary>Why the message failed; only with SEND_FAILED and RECIPIENT_….</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FailureResource? Failure { get; init; }

    /// <summary>The limits that are used up, the one that takes longest first; only with QUOTA_EXCEEDED and DEVICE_LIMIT.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? ViolatedPolicies { get; init; }

    /// <summary>Names this request in our logs; only with INTERNAL_ERROR.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }
}

/// <summary>One field that was not acceptable.</summary>
/// <param name="Field">Its name as in the request; dotted for nested ones, with [n] in lists.</param>
/// <param name="Message">What is wrong with it, to be read after its name.</param>
/// <param name="Value">What was sent, shortened; left out where it is missing or secret.</param>
internal sealed record FieldError(
    string Field,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Value = null);

/// <summary>Why a message failed.</summary>
/// <param name="Code">The provider's code where it gave one, else ours.</param>
/// <param name="Class">What it is about: template, consent, quality, account, session, recipient, content, transient or policy.</param>
/// <param name="Retryable">Whether sending the same again later may succeed.</param>
/// <param name="Reason">A sentence that may be shown to a customer.</param>
internal sealed record FailureResource(string Code, string Class, bool Retryable, string Reason)
{
    public static FailureResource Of(Failure failure) =>
        new(failure.Code, StoredName.Of(failure.Class), failure.Retryable, failure.Explanation);
}

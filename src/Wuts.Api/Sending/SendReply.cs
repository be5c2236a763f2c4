using System.Globalization;
using Microsoft.AspNetCore.Http;
using Wuts.Api.Answers;
using Wuts.Api.Devices;
using Wuts.Api.Errors;
using Wuts.Domain.Compliance;
using Wuts.Api.Quotas;
using Wuts.Domain.Delivery;
using Wuts.Domain.Quotas;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Api.Sending;

/// <summary>What a client is told of its send.</summary>
internal static class SendReply
{
    private const string AskLater = "It leaves by itself; GET /messages/{id} tells what became of it.";

    private const string Uncertain =
        "Handed to WhatsApp, whose answer did not come: it may have been sent. We find out by evidence; do not send it again.";

    private static readonly TimeSpan QueueFullRetry = TimeSpan.FromSeconds(30);

    public static IResult Of(SendAnswer answer, Preferences preferences) => QuotaHeaders.With(Body(answer, preferences), answer.Quota);

    private static IResult Body(SendAnswer answer, Preferences preferences) => answer switch
    {
        SendAnswer.Accepted accepted => Of(accepted, preferences),
        SendAnswer.NotReady notReady => new ApiError(ErrorCodes.DeviceNotReady, Describe(notReady)) { RetryAfter = notReady.RetryAfter },
        SendAnswer.QueueFull full => new ApiError(
            ErrorCodes.QueueFull, $"{full.Waiting} messages wait in this device's queue, which is as many as it takes. Send again when some have left.")
        {
            RetryAfter = QueueFullRetry,
        },
        SendAnswer.QuotaExceeded exceeded => new ApiError(ErrorCodes.QuotaExceeded, Describe(exceeded))
        {
            RetryAfter = exceeded.RetryAfter,
            ViolatedPolicies = exceeded.Violated,
        },
        SendAnswer.KeyReused => new ApiError(
            ErrorCodes.IdempotencyKeyReused, "This Idempotency-Key was used for another request. Use a new key for a new message."),
        _ => TargetDevice.NotFound,
    };

    private static IResult Of(SendAnswer.Accepted accepted, Preferences preferences) => accepted.Message.State switch
    {
        MessageState.Sent or MessageState.Delivered or MessageState.Read or MessageState.Played => Sent(accepted.Message),
        MessageState.Queued or MessageState.Dispatching => Pending(accepted, "queued", Explain(accepted), preferences),
        MessageState.Uncertain => Pending(accepted, "uncertain", Uncertain, preferences),
        _ => Failed(accepted.Message),
    };

    private static string Explain(SendAnswer.Accepted accepted)
    {
        var at = accepted.DepartureAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return accepted.Message.Hold switch
        {
            HoldReason.WarmUp => $"Accepted, for {at} UTC: this number is being warmed up, so people who are new to it are spread over days. {AskLater}",
            HoldReason.Restricted => $"Accepted, for {at} UTC: until then WhatsApp does not let this number write to people who are new to it. {AskLater}",
            _ => $"Accepted. {AskLater}",
        };
    }

    // Made of the message alone, so that a repetition gets the same answer.
    private static IResult Sent(Message message)
    {
        var envelope = message.Envelope;
        var delivery = message.Delivery;
        var content = envelope.Content as TextContent;
        var sentAt = delivery.SentAt ?? delivery.DeliveredAt ?? delivery.ReadAt ?? delivery.PlayedAt ?? envelope.AcceptedAt;
        var answer = new SendAnswerSent
        {
            MessageId = envelope.Id,
            Timestamp = sentAt,
            ChatJid = envelope.ChatJid,
            Metadata = new()
            {
                DeviceId = envelope.DeviceId,
                UserId = envelope.UserId,
                ProcessingTimeMs = Math.Max(0, (long)(sentAt - envelope.AcceptedAt).TotalMilliseconds),
                PresenceSent = envelope.Typing > TimeSpan.Zero,
                PresenceDurationSeconds = (int)envelope.Typing.TotalSeconds,
                MentionsProcessed = content?.Mentioned.Length ?? 0,
                QuotedMessageFound = content?.Quoted is not null,
                SentAt = sentAt,
            },
        };
        return Answer.Ok(answer, ApiJson.Wire.SendAnswerSent);
    }

    private static WithHeaders Pending(SendAnswer.Accepted accepted, string status, string sentence, Preferences preferences)
    {
        var envelope = accepted.Message.Envelope;
        var answer = new SendAnswerPending
        {
            MessageId = envelope.Id,
            Timestamp = envelope.AcceptedAt,
            Status = status,
            ChatJid = envelope.ChatJid,
            EstimatedAt = accepted.DepartureAt,
            Message = sentence,
            Metadata = new(envelope.DeviceId, envelope.UserId),
        };
        return new(Answer.Accepted(answer, ApiJson.Wire.SendAnswerPending), $"/messages/{envelope.Id}", preferences.RespondAsync);
    }

    private static ApiError Failed(Message message)
    {
        var failure = message.Failure;
        var retryable = message.State == MessageState.Failed && failure is { Retryable: true };
        return new(KindOf(failure, retryable), failure?.Explanation ?? "The message was called back before it left.")
        {
            MessageId = message.Envelope.Id,
            Failure = failure,
        };
    }

    private static ErrorKind KindOf(Failure? failure, bool retryable) => failure switch
    {
        { Class: FailureClass.Consent, Code: ConsentPolicy.OptedOutCode } => ErrorCodes.RecipientOptedOut,
        { Class: FailureClass.Consent, Code: ConsentPolicy.NotOptedInCode } => ErrorCodes.RecipientNotOptedIn,
        _ => retryable ? ErrorCodes.SendFailed : ErrorCodes.SendRefused,
    };

    private static string Describe(SendAnswer.QuotaExceeded exceeded) =>
        $"Your tenant has used up {string.Join(" and ", exceeded.Violated.Select(NameOf))}. GET /usage tells how all of them stand.";

    private static string NameOf(string policy) => policy switch
    {
        QuotaPolicies.Rate => "its messages a second (rate)",
        QuotaPolicies.Daily => "its messages a day (daily)",
        QuotaPolicies.NewRecipients => "its new recipients a day (new-recipients)",
        QuotaPolicies.QueueDepth => "the places in its queues (queue-depth)",
        _ => policy,
    };

    private static string Describe(SendAnswer.NotReady notReady)
    {
        var why = string.IsNullOrEmpty(notReady.Reason) ? string.Empty : $" ({notReady.Reason})";
        return $"WhatsApp session is not connected: the device is {StoredName.Of(notReady.State)}{why}.";
    }

    private sealed class WithHeaders(IResult answer, string location, bool respondAsync) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.Location = location;
            if (respondAsync)
            {
                httpContext.Response.Headers["Preference-Applied"] = "respond-async";
            }

            return answer.ExecuteAsync(httpContext);
        }
    }
}

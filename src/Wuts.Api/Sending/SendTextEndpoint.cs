using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Wuts.Api.Authentication;
using Wuts.Api.Calls;
using Wuts.Api.Devices;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Api.Quotas;
using Wuts.Api.Requests;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Tenants;
using Wuts.Grains.Devices;
using Wuts.Grains.Tenants;

namespace Wuts.Api.Sending;

/// <summary>Sending text messages.</summary>
internal static class SendTextEndpoint
{
    private const string Description = """
        Accepts a text message and answers when it was handed to WhatsApp: after `delay`, then `typingDuration`, and after what waits before it.
        The message is stored before any 2xx answer and is never lost after it.
        A message that cannot leave within about 110 seconds, or whose client says `Prefer: respond-async`, is answered 202 with `status: queued`
        and a `Location` to ask; it leaves at its time all the same.
        A client that hangs up cancels nothing. To repeat a request whose answer was lost, send it again with the same `Idempotency-Key`.
        Messages of one chat leave in the order of their acceptance; between chats `category` decides which goes first.
        Every answer to a tenant with limits tells how they stand in `RateLimit-Policy` and `RateLimit`. A refused request, or a repeated one,
        costs nothing.
        """;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/send/text", Send)
            .Documented(Access.Caller, "sendText", "Messages", "Send a text message", Description)
            .Takes<SendTextRequest>()
            .Takes(Parameters.IdempotencyKey, Parameters.Prefer, Parameters.DeviceId, Parameters.DeviceHeader)
            .Answers<SendAnswerSent>(StatusCodes.Status200OK, "Handed to WhatsApp.")
            .Answers<SendAnswerPending>(
                StatusCodes.Status202Accepted,
                "Accepted and waiting (`queued`), or handed over without an answer from WhatsApp (`uncertain`): it is settled by evidence, so do not send it again.",
                new DocumentedHeader(StatusCodes.Status202Accepted, "Location", "Where to ask what became of it."),
                new DocumentedHeader(StatusCodes.Status202Accepted, "Preference-Applied", "`respond-async`, where it was asked for."))
            .Fails(
                ErrorCodes.DeviceNotFound, ErrorCodes.IdempotencyKeyReused, ErrorCodes.SendRefused, ErrorCodes.RecipientOptedOut,
                ErrorCodes.RecipientNotOptedIn, ErrorCodes.SendFailed, ErrorCodes.DeviceNotReady, ErrorCodes.QueueFull, ErrorCodes.QuotaExceeded)
            .WithMetadata([.. QuotaHeaders.Documented]);

    private static async Task<IResult> Send(HttpContext http, JsonBody body, HeldSend sending, IGrainFactory grains)
    {
        var (request, error) = await body.ReadAsync(http, SendTextRequest.Read);
        if (request is null)
        {
            return await QuotaHeaders.WithAsync(error!, http.GetCaller().TenantId, grains);
        }

        var key = IdempotencyKey.Of(http.Request, out var badKey);
        if (badKey is not null)
        {
            return await QuotaHeaders.WithAsync(badKey, http.GetCaller().TenantId, grains);
        }

        var caller = http.GetCaller();
        var named = TargetDevice.Named(http.Request, request.DeviceId);
        var (device, notFound) = TargetDevice.Choose(caller, named);
        if (device is null)
        {
            return await QuotaHeaders.WithAsync(notFound!, caller.TenantId, grains);
        }

        var preferences = Preferences.Of(http.Request);
        var command = CommandOf(request, caller, named, key, preferences, sending);
        try
        {
            return SendReply.Of(await sending.SendAsync(device, command, http), preferences);
        }
        catch (Exception e) when (RepeatedCalls.IsOutage(e))
        {
            return new ApiError(
                ErrorCodes.ServiceUnavailable,
                "It could not be learned whether the message was accepted. Ask GET /messages/{message_id}, or repeat the request with the same Idempotency-Key.")
            {
                MessageId = command.MessageId,
                RetryAfter = TimeSpan.FromSeconds(5),
            };
        }
    }

    private static SendCommand CommandOf(
        SendTextRequest request, Caller caller, string? named, string? key, Preferences preferences, HeldSend sending)
    {
        var patience = preferences.Patience(sending.Patience);
        var typing = request.DisablePresence == true ? 0 : request.TypingDuration ?? SendTextRequest.DefaultTypingSeconds;
        var quoted = request.Quoted is { } answered
            ? new QuotedMessage(answered.Key.Id, answered.Key.FromMe == true, answered.Message?.Conversation)
            : null;
        return new()
        {
            MessageId = key is null
                ? MessageId.FromOperation(caller.TenantId, Guid.NewGuid().ToString("N"))
                : MessageId.FromIdempotencyKey(caller.TenantId, key),
            UserId = caller.User.Id,
            AnyDevice = caller.User.Role != Role.User,
            ChatJid = request.Number,
            Content = new TextContent(request.Text, request.Mentioned ?? [], quoted),
            Fingerprint = SendFingerprint.Of(request, named),
            Delay = TimeSpan.FromSeconds(request.Delay ?? 0),
            Typing = TimeSpan.FromSeconds(typing),
            Hold = sending.FirstHold(patience),
            Patience = patience,
            QueueWhenNotReady = preferences.RespondAsync,
            Category = request.Category ?? Category.Utility,
        };
    }
}

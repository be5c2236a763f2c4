using System.Collections.Immutable;

namespace Wuts.Api.Errors;

/// <summary>One kind of failure: what a program sees of it. Clients branch on the name and the status; sentences may change.</summary>
/// <param name="Retryable">Whether the same request may succeed later without anybody changing anything.</param>
/// <param name="Meaning">When it is answered, for the documentation.</param>
internal sealed record ErrorKind(string Name, int Status, bool Retryable, string Meaning);

/// <summary>The only table of error codes. Those that the contract does not name are ours (design: Errors).</summary>
internal static class ErrorCodes
{
    public static readonly ErrorKind ValidationError = new(
        "VALIDATION_ERROR", 400, false, "A field, parameter or header is missing or not acceptable; `validation` names each.");
    public static readonly ErrorKind InvalidJson = new("INVALID_JSON", 400, false, "The body is not JSON; the sentence says where.");
    public static readonly ErrorKind AlreadyConnected = new("ALREADY_CONNECTED", 400, false, "The device is paired: there is nothing to scan or enter.");
    public static readonly ErrorKind BadRequest = new("BAD_REQUEST", 400, false, "The request breaks HTTP's own rules.");
    public static readonly ErrorKind Unauthorized = new("UNAUTHORIZED", 401, false, "The token is missing, unknown, or of a user who is not active.");
    public static readonly ErrorKind Forbidden = new("FORBIDDEN", 403, false, "The token is good, but its role may not do this.");
    public static readonly ErrorKind NotFound = new("NOT_FOUND", 404, false, "There is no such resource or route.");
    public static readonly ErrorKind DeviceNotFound = new("DEVICE_NOT_FOUND", 404, false, "No device of this id that the caller may use, or no device at all.");
    public static readonly ErrorKind MethodNotAllowed = new("METHOD_NOT_ALLOWED", 405, false, "The route exists, but not with this method.");
    public static readonly ErrorKind RequestTimeout = new("REQUEST_TIMEOUT", 408, true, "The request did not arrive in time.");
    public static readonly ErrorKind QrTimeout = new("QR_TIMEOUT", 408, true, "The network gave no QR code in time.");
    public static readonly ErrorKind TenantExists = new("TENANT_EXISTS", 409, false, "The tenant's name is taken.");
    public static readonly ErrorKind UserExists = new("USER_EXISTS", 409, false, "The tenant has a user with this e-mail address.");
    public static readonly ErrorKind OptedOut = new("OPTED_OUT", 409, false, "The recipient has opted out, and that is forgotten only where it is meant.");
    public static readonly ErrorKind DeviceLimit = new(
        "DEVICE_LIMIT", 409, false, "The tenant has as many devices as its limits allow; remove one, or have the limit raised.");
    public static readonly ErrorKind PayloadTooLarge = new("PAYLOAD_TOO_LARGE", 413, false, "The body is larger than allowed.");
    public static readonly ErrorKind UnsupportedMediaType = new(
        "UNSUPPORTED_MEDIA_TYPE", 415, false, "The body is not `application/json` in UTF-8 without content coding.");
    public static readonly ErrorKind IdempotencyKeyReused = new("IDEMPOTENCY_KEY_REUSED", 422, false, "The idempotency key was used before for another payload. Nothing was accepted.");
    public static readonly ErrorKind SendRefused = new("SEND_FAILED", 422, false, "The message was accepted and has failed for good; `failure` says why.");
    public static readonly ErrorKind RecipientOptedOut = new(
        "RECIPIENT_OPTED_OUT", 422, false, "The recipient has asked not to be written to. The message is kept as rejected, and does not leave.");
    public static readonly ErrorKind RecipientNotOptedIn = new(
        "RECIPIENT_NOT_OPTED_IN", 422, false, "Messages of this category go only to who has opted in. The message is kept as rejected, and does not leave.");
    public static readonly ErrorKind QuotaExceeded = new(
        "QUOTA_EXCEEDED", 429, true, "A quota of the tenant is used up; `violated_policies` names it. Nothing was accepted. Never for a tenant without limits.");
    public static readonly ErrorKind HeadersTooLarge = new("HEADERS_TOO_LARGE", 431, false, "The request's headers are larger than allowed.");
    public static readonly ErrorKind InternalError = new("INTERNAL_ERROR", 500, true, "A fault of ours; `trace_id` finds it in our logs.");
    public static readonly ErrorKind DeviceError = new("DEVICE_ERROR", 502, true, "WhatsApp, or the way to it, did not do what was asked.");
    public static readonly ErrorKind SendFailed = new("SEND_FAILED", 502, true, "The message was accepted and its attempts ran out; sending it again later may succeed.");
    public static readonly ErrorKind DeviceNotReady = new("DEVICE_NOT_READY", 503, true, "The device has no live WhatsApp session. Nothing was accepted.");
    public static readonly ErrorKind QueueFull = new("QUEUE_FULL", 503, true, "As many messages wait in the device's queue as it takes. Nothing was accepted.");
    public static readonly ErrorKind ServiceUnavailable = new(
        "SERVICE_UNAVAILABLE", 503, true, "Something that we need did not answer. `message_id`, where given, tells which message may have been accepted.");
    public static readonly ErrorKind Timeout = new("TIMEOUT", 504, true, "The network did not answer in time.");

    public static ImmutableArray<ErrorKind> All { get; } =
    [
        ValidationError, InvalidJson, AlreadyConnected, BadRequest, Unauthorized, Forbidden, NotFound, DeviceNotFound, MethodNotAllowed,
        RequestTimeout, QrTimeout, TenantExists, UserExists, OptedOut, DeviceLimit, PayloadTooLarge, UnsupportedMediaType, IdempotencyKeyReused, SendRefused,
        RecipientOptedOut, RecipientNotOptedIn, QuotaExceeded, HeadersTooLarge, InternalError, DeviceError, SendFailed, DeviceNotReady, QueueFull, ServiceUnavailable, Timeout,
    ];
}

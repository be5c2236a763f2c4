using Microsoft.OpenApi;

namespace Wuts.Api.OpenApi;

/// <summary>Parameters that several operations take.</summary>
internal static class Parameters
{
    public static readonly DocumentedParameter DeviceId = new(
        "device_id", ParameterLocation.Query, JsonSchemaType.String,
        "The device meant. Wins over the body's `device_id`, which wins over the header `X-Device-Id`. "
        + "Without any: your only device, else the one connected most recently.");

    public static readonly DocumentedParameter RequiredDeviceId = new(
        "device_id", ParameterLocation.Query, JsonSchemaType.String, "The device meant.", Required: true);

    public static readonly DocumentedParameter DeviceHeader = new(
        "X-Device-Id", ParameterLocation.Header, JsonSchemaType.String, "The device meant, where neither query nor body says.");

    public static readonly DocumentedParameter Refresh = new(
        "refresh", ParameterLocation.Query, JsonSchemaType.Boolean, "Make a new code even if the last one is still valid. Also `force_refresh`, `force_new`.");

    public static readonly DocumentedParameter ReuseCache = new(
        "reuse_cache", ParameterLocation.Query, JsonSchemaType.Boolean,
        "Give the last code again while it is valid. Default true; false is the same as `refresh`. Also `reuse`, `use_cache`, `cached`.");

    public static readonly DocumentedParameter IdempotencyKey = new(
        "Idempotency-Key", ParameterLocation.Header, JsonSchemaType.String,
        "1 to 255 visible ASCII characters, bare or as a quoted string; unique to this send within your tenant. "
        + "Repeating the request with the same key gives the same message and answer; the same key with another payload is refused with 422.");

    public static readonly DocumentedParameter Prefer = new(
        "Prefer", ParameterLocation.Header, JsonSchemaType.String,
        "`respond-async`: answer 202 as soon as the message is accepted, also while a paired device is reconnecting. "
        + "`wait=N`: hold the answer for at most N seconds (RFC 7240).");
}

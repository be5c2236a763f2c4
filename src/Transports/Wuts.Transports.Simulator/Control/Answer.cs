using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator.Control;

/// <summary>Makes answers of the control API: its own JSON, whatever the host's settings are.</summary>
internal sealed class Answer(TimeProvider clock)
{
    /// <summary>Lower-case names as the attributes say; a member that we do not know is an error, so that a typo is not ignored.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static JsonHttpResult<T> Ok<T>(T body, int status = StatusCodes.Status200OK) => TypedResults.Json(body, Json, statusCode: status);

    public JsonHttpResult<ErrorBody> Error(int status, string code, string message) =>
        Ok(new ErrorBody(message, code, clock.GetUtcNow(), []), status);

    public JsonHttpResult<ErrorBody> Invalid(params ImmutableArray<FieldError> errors) =>
        Ok(
            new ErrorBody(
                $"{errors[0].Field} {errors[0].Message}",
                "VALIDATION_ERROR",
                clock.GetUtcNow(),
                errors),
            StatusCodes.Status400BadRequest);

    public JsonHttpResult<ErrorBody> Refused(PhoneOutcome.Refused refused) => Error(
        refused.Reason switch
        {
            PhoneRefusal.PhoneNotFound or PhoneRefusal.PairingCodeUnknown or PhoneRefusal.DeviceNotLinked => StatusCodes.Status404NotFound,
            PhoneRefusal.PairingCodeExpired or PhoneRefusal.PairingCodeReplaced => StatusCodes.Status410Gone,
            _ => StatusCodes.Status409Conflict,
        },
        JsonNamingPolicy.SnakeCaseUpper.ConvertName(refused.Reason.ToString()),
        refused.Explanation);
}

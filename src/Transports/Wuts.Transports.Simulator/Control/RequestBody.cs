using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Wuts.Transports.Simulator.Control;

/// <summary>Reads bodies with a bound on their size, and says in the product's words what is wrong with them.</summary>
internal static class RequestBody
{
    public const int Largest = 1024 * 1024;

    /// <summary>
    /// Documents a JSON body and takes it under any content type, so that a plain <c>curl -d</c> works and the framework does not
    /// refuse one in words of its own.
    /// </summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint)
        where T : class =>
        endpoint.Accepts<T>("application/json", "*/*");

    /// <returns>The value, or the answer that refuses it.</returns>
    public static async Task<(T? Value, JsonHttpResult<ErrorBody>? Refusal)> ReadAsync<T>(HttpRequest request, Answer answer)
        where T : class
    {
        if (await ReadBytesAsync(request) is not { } bytes)
        {
            return (null, TooLarge(answer));
        }

        try
        {
            return JsonSerializer.Deserialize<T>(bytes.Span, Answer.Json) is { } value
                ? (value, null)
                : (null, answer.Invalid(new FieldError("body", "must be a JSON object", null)));
        }
        catch (JsonException e)
        {
            var field = e.Path is null or "$" ? "body" : e.Path.TrimStart('$').TrimStart('.');
            return (null, answer.Invalid(new FieldError(field, Explain(e), null)));
        }
    }

    /// <summary>Reads the body; <c>null</c> when it is larger than <see cref="Largest"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadBytesAsync(HttpRequest request)
    {
        if (request.ContentLength > Largest)
        {
            return null;
        }

        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is > 0 and var read)
        {
            if (body.Length + read > Largest)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    public static JsonHttpResult<ErrorBody> TooLarge(Answer answer) =>
        answer.Error(StatusCodes.Status413PayloadTooLarge, "PAYLOAD_TOO_LARGE", $"A body may have {Largest} bytes at most.");

    // The library's sentences name .NET types, which say nothing to a caller.
    private static string Explain(JsonException e) =>
        e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "is not a field of this request"
        : e.Message.Contains("missing required", StringComparison.Ordinal) ? "lacks a required field"
        : e.Message.Contains("could not be converted", StringComparison.Ordinal) ? "has a value of the wrong type"
        : "is not valid JSON";
}

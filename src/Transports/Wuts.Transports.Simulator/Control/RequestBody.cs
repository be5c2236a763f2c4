using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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
    public static Task<(T? Value, JsonHttpResult<ErrorBody>? Refusal)> ReadAsync<T>(HttpRequest request, Answer answer)
        where T : class =>
        ReadAsync(request, answer, (JsonTypeInfo<T>)Answer.Json.GetTypeInfo(typeof(T)), Largest);

    /// <param name="largest">The most bytes that are read.</param>
    /// <returns>The value, or the answer that refuses it.</returns>
    public static async Task<(T? Value, JsonHttpResult<ErrorBody>? Refusal)> ReadAsync<T>(
        HttpRequest request, Answer answer, JsonTypeInfo<T> shape, int largest)
        where T : class
    {
        if (await ReadBytesAsync(request, largest) is not { } bytes)
        {
            return (null, TooLarge(answer, largest));
        }

        try
        {
            return JsonSerializer.Deserialize(bytes.Span, shape) is { } value
                ? (value, null)
                : (null, answer.Invalid(new FieldError("body", "must be a JSON object", null)));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return (null, answer.Invalid(new FieldError(FieldOf(e), Explain(e), null)));
        }
    }

    /// <summary>Reads the body; <c>null</c> when it is larger than allowed.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadBytesAsync(HttpRequest request, int largest = Largest)
    {
        if (request.ContentLength > largest)
        {
            return null;
        }

        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is > 0 and var read)
        {
            if (body.Length + read > largest)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    public static JsonHttpResult<ErrorBody> TooLarge(Answer answer, int largest = Largest) =>
        answer.Error(StatusCodes.Status413PayloadTooLarge, "PAYLOAD_TOO_LARGE", $"A body may have {largest} bytes at most.");

    // What has no kind is refused by another exception, which has its path in the sentence only.
    private static string FieldOf(Exception e)
    {
        const string BeforePath = "Path: ";
        var path = e is JsonException json ? json.Path
            : e.Message.Split(BeforePath) is [_, .., var rest] ? rest.Split(['|', ' '])[0].TrimEnd('.')
            : null;
        return path is null or "$" or "" ? "body" : path.TrimStart('$').TrimStart('.');
    }

    // The library's sentences name .NET types, which say nothing to a caller.
    private static string Explain(Exception e) =>
        e is NotSupportedException ? "lacks its kind"
        : e.Message.Contains("unrecognized type discriminator", StringComparison.Ordinal) ? "is of no known kind"
        : e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "is not a field of this request"
        : e.Message.Contains("missing required", StringComparison.Ordinal) ? "lacks a required field"
        : e.Message.Contains("could not be converted", StringComparison.Ordinal) ? "has a value of the wrong type"
        : "is not valid JSON";
}

using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Wuts.Api.Errors;

namespace Wuts.Api.Requests;

/// <summary>
/// Reads the JSON object, or array, that a request carries. Done by hand rather than by model binding, so that every fault can be named:
/// where the JSON breaks, and each field that is of the wrong kind.
/// </summary>
internal sealed class JsonBody(RequestBytes bytes)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Returns what <paramref name="read"/> made of the object's fields, or the error to answer.</summary>
    public async Task<(T? Request, ApiError? Error)> ReadAsync<T>(HttpContext http, Func<Fields, T> read)
        where T : class
    {
        var (document, error) = await ReadDocumentAsync(http, JsonValueKind.Object);
        if (document is null)
        {
            return (null, error);
        }

        using (document)
        {
            var fields = new Fields(document.RootElement);
            var request = read(fields);
            return fields.IsValid ? (request, null) : (null, fields.Error());
        }
    }

    /// <summary>Returns what <paramref name="read"/> made of the array, or the error to answer.</summary>
    public async Task<(T? Request, ApiError? Error)> ReadArrayAsync<T>(HttpContext http, Func<JsonElement, T> read)
        where T : class
    {
        var (document, error) = await ReadDocumentAsync(http, JsonValueKind.Array);
        if (document is null)
        {
            return (null, error);
        }

        using (document)
        {
            return (read(document.RootElement), null);
        }
    }

    private async Task<(JsonDocument? Document, ApiError? Error)> ReadDocumentAsync(HttpContext http, JsonValueKind kind)
    {
        if (FindUnsupported(http.Request) is { } unsupported)
        {
            return (null, new(ErrorCodes.UnsupportedMediaType, unsupported));
        }

        var (body, error) = await bytes.ReadAsync(http);
        return body is null ? (null, error) : Parse(body, kind);
    }

    private static (JsonDocument? Document, ApiError? Error) Parse(byte[] body, JsonValueKind kind)
    {
        var what = kind == JsonValueKind.Array ? "array" : "object";
        JsonDocument? document = null;
        try
        {
            if (body.Length == 0)
            {
                return (null, new(ErrorCodes.InvalidJson, $"The request has no body: a JSON {what} is needed."));
            }

            document = JsonDocument.Parse(body, Strict);
            if (document.RootElement.ValueKind == kind)
            {
                return (document, null);
            }

            document.Dispose();
            return (null, new(ErrorCodes.ValidationError, $"The body must be a JSON {what}."));
        }
        catch (JsonException e)
        {
            return (null, new(ErrorCodes.InvalidJson, Describe(e)));
        }
        catch (InvalidOperationException)
        {
            document?.Dispose();
            return (null, new(ErrorCodes.InvalidJson, "The body is not valid JSON: a member's name is not valid Unicode."));
        }
    }

    // The parser's own sentence ends in a path and position for programmers; the position is said once, from 1.
    private static string Describe(JsonException e)
    {
        var what = e.Message;
        var position = what.IndexOf(" LineNumber:", StringComparison.Ordinal);
        what = position < 0 ? what : what[..position];
        return e.LineNumber is { } line && e.BytePositionInLine is { } column
            ? $"The body is not valid JSON at line {line + 1}, position {column + 1}: {what}"
            : $"The body is not valid JSON: {what}";
    }

    private static string? FindUnsupported(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType))
        {
            return null; // a JSON body without a label is taken for what it is
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
        {
            return "The body must be sent with Content-Type: application/json.";
        }

        return type.Charset.HasValue && !type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? "The body must be in UTF-8."
            : null;
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Wuts.Api.Errors;
using Wuts.Api.Limits;

namespace Wuts.Api.Requests;

/// <summary>
/// Reads the JSON object that a request carries. Done by hand rather than by model binding, so that every fault can be named:
/// where the JSON breaks, and each field that is of the wrong kind.
/// </summary>
internal sealed class JsonBody(IOptions<LimitOptions> options, TimeProvider clock)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Returns what <paramref name="read"/> made of the object's fields, or the error to answer.</summary>
    public async Task<(T? Request, ApiError? Error)> ReadAsync<T>(HttpContext http, Func<Fields, T> read)
        where T : class
    {
        var (document, error) = await ReadDocumentAsync(http);
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

    private async Task<(JsonDocument? Document, ApiError? Error)> ReadDocumentAsync(HttpContext http)
    {
        if (FindUnsupported(http.Request) is { } unsupported)
        {
            return (null, new(ErrorCodes.UnsupportedMediaType, unsupported));
        }

        var limit = options.Value.BodyBytes;
        if (http.Request.ContentLength > limit)
        {
            return (null, TooLarge(limit));
        }

        using var patience = new CancellationTokenSource(options.Value.BodyTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, http.RequestAborted);
        var reader = http.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(either.Token);
                if (read.Buffer.Length > limit)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return (null, TooLarge(limit));
                }

                if (read.IsCompleted)
                {
                    return Parse(reader, read.Buffer);
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            return (null, new(ErrorCodes.RequestTimeout, "The body did not arrive in time."));
        }
    }

    private static (JsonDocument? Document, ApiError? Error) Parse(PipeReader reader, ReadOnlySequence<byte> bytes)
    {
        JsonDocument? document = null;
        try
        {
            if (bytes.IsEmpty)
            {
                return (null, new(ErrorCodes.InvalidJson, "The request has no body: a JSON object is needed."));
            }

            // A copy, because the document keeps reading what it was given, and the pipe gets its buffers back below.
            document = JsonDocument.Parse(WithoutByteOrderMark(bytes).ToArray(), Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return (document, null);
            }

            document.Dispose();
            return (null, new(ErrorCodes.ValidationError, "The body must be a JSON object."));
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
        finally
        {
            reader.AdvanceTo(bytes.End);
        }
    }

    private static ReadOnlySequence<byte> WithoutByteOrderMark(ReadOnlySequence<byte> bytes)
    {
        Span<byte> start = stackalloc byte[3];
        if (bytes.Length < start.Length)
        {
            return bytes;
        }

        bytes.Slice(0, start.Length).CopyTo(start);
        return start.SequenceEqual("\uFEFF"u8) ? bytes.Slice(start.Length) : bytes;
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
        if (request.Headers.ContentEncoding.Count > 0 && !string.Equals(request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            return "The body must be sent without content coding.";
        }

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

    private static ApiError TooLarge(int limit) => new(ErrorCodes.PayloadTooLarge, $"The body is larger than {limit} bytes.");
}

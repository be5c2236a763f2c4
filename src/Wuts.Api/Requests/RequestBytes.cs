using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Wuts.Api.Errors;
using Wuts.Api.Limits;

namespace Wuts.Api.Requests;

/// <summary>Reads the body of a request as a whole, within its limits of size and time.</summary>
internal sealed class RequestBytes(IOptions<LimitOptions> options, TimeProvider clock)
{
    /// <summary>The body without a byte order mark, or the error to answer.</summary>
    public async Task<(byte[]? Bytes, ApiError? Error)> ReadAsync(HttpContext http)
    {
        if (http.Request.Headers.ContentEncoding.Count > 0
            && !string.Equals(http.Request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            return (null, new(ErrorCodes.UnsupportedMediaType, "The body must be sent without content coding."));
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
                    // A copy, because whoever parses it keeps reading it, and the pipe gets its buffers back.
                    var bytes = WithoutByteOrderMark(read.Buffer).ToArray();
                    reader.AdvanceTo(read.Buffer.End);
                    return (bytes, null);
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            return (null, new(ErrorCodes.RequestTimeout, "The body did not arrive in time."));
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

    private static ApiError TooLarge(int limit) => new(ErrorCodes.PayloadTooLarge, $"The body is larger than {limit} bytes.");
}

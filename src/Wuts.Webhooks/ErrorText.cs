using System.Net.Http;
using System.Text;
using Wuts.Domain.Webhooks;

namespace Wuts.Webhooks;

/// <summary>Makes what a receiver answered fit to be stored and shown.</summary>
internal static class ErrorText
{
    private const int MaxLength = 1000;
    private const int MaxBytesRead = 4096;
    private const int ShortestSecret = 4;

    /// <summary>The beginning of a body. One that is slow, broken or endless gives what came of it; the status counts anyway.</summary>
    public static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBytesRead];
        var length = 0;
        try
        {
            await using var body = await content.ReadAsStreamAsync(cancellationToken);
            while (length < buffer.Length && await body.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException)
        {
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>One line of at most 1,000 characters, without what a receiver may have repeated of its headers or its URL's query.</summary>
    public static string Of(WebhookEndpoint endpoint, string text)
    {
        foreach (var secret in endpoint.Headers.Values.Append(endpoint.Url.Query).Where(value => value.Length >= ShortestSecret))
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        var line = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            var blank = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);
            if (blank && (line.Length == 0 || line[^1] == ' '))
            {
                continue;
            }

            if (line.Length + rune.Utf16SequenceLength > MaxLength)
            {
                break;
            }

            line.Append(blank ? " " : rune.ToString());
        }

        return line.ToString().TrimEnd(' ', ':');
    }
}

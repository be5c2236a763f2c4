using System.Collections.Immutable;
using System.Text;

namespace Wuts.Api.Requests;

/// <summary>
/// Comma-separated values as RFC 4180 has them: a header line, then rows; cells may be quoted, and a quote in them is doubled. Lines end in
/// CRLF or LF; empty lines do not count.
/// </summary>
internal static class CsvRows
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The rows with the header first; <c>null</c> with the reason for what is no such text.</summary>
    public static ImmutableArray<ImmutableArray<string>>? Parse(byte[] bytes, out string? error)
    {
        error = null;
        try
        {
            return Parse(Strict.GetString(bytes), out error);
        }
        catch (DecoderFallbackException)
        {
            error = "The body is not valid UTF-8.";
            return null;
        }
    }

    /// <summary>Writes a row, with the line's end.</summary>
    public static void Write(StringBuilder text, params ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            var cell = cells[i] ?? string.Empty;
            text.Append(i == 0 ? "" : ",").Append(cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell);
        }

        text.Append("\r\n");
    }

    private static ImmutableArray<ImmutableArray<string>>? Parse(string text, out string? error)
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var row = ImmutableArray.CreateBuilder<string>();
        error = null;
        for (var at = 0; at < text.Length;)
        {
            if (ReadCell(text, ref at) is not { } cell)
            {
                error = $"Row {rows.Count} has a quote that is not closed, or text after a closing quote (the header is row 0).";
                return null;
            }

            row.Add(cell);
            if (at < text.Length && text[at] == ',')
            {
                at++;
                if (at < text.Length)
                {
                    continue;
                }

                row.Add(string.Empty);
            }

            at += text.AsSpan(at).StartsWith("\r\n") ? 2 : 1;
            if (row is not [""])
            {
                rows.Add(row.ToImmutable());
            }

            row.Clear();
        }

        return rows.ToImmutable();
    }

    private static string? ReadCell(string text, ref int at)
    {
        if (at == text.Length || text[at] != '"')
        {
            var end = text.AsSpan(at).IndexOfAny(",\r\n");
            var cell = end < 0 ? text[at..] : text.Substring(at, end);
            at += cell.Length;
            return cell;
        }

        var quoted = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                quoted.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                quoted.Append(text[at++]);
            }
            else
            {
                at++;
                return at == text.Length || text[at] is ',' or '\r' or '\n' ? quoted.ToString() : null;
            }
        }

        return null;
    }
}

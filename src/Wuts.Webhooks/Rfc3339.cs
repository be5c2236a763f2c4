using System.Globalization;
using System.Text.Json;

namespace Wuts.Webhooks;

internal static class Rfc3339
{
    private const int Length = 20;

    /// <summary>Writes a time as the contract writes all of its times: UTC with <c>Z</c>, whole seconds.</summary>
    public static void WriteRfc3339(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[Length];
        at.UtcDateTime.TryFormat(text, out var written, "s", CultureInfo.InvariantCulture);
        text[written] = (byte)'Z';
        writer.WriteString(name, text);
    }
}

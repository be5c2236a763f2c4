using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wuts.Api.Answers;

/// <summary>The contract's times: RFC 3339 in UTC with <c>Z</c>, to the second.</summary>
internal sealed class SecondsConverter() : TimestampConverter("yyyy-MM-dd'T'HH:mm:ss'Z'");

/// <summary>Times of our own additions: RFC 3339 in UTC with <c>Z</c>, to the millisecond.</summary>
internal sealed class MillisecondsConverter() : TimestampConverter("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

internal abstract class TimestampConverter(string format) : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[32];
        value.UtcDateTime.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}

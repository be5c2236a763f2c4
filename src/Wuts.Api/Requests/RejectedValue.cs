using System.Text.Json;
using Wuts.Api.Answers;

namespace Wuts.Api.Requests;

/// <summary>What a field error repeats of the value that was sent: enough to recognise it, and no more.</summary>
internal static class RejectedValue
{
    private const int Longest = 64;

    public static JsonElement? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Fields.Read(element) is { } text ? Of(text) : null,
        JsonValueKind.Object or JsonValueKind.Array => null,
        _ when element.GetRawText() is { Length: > Longest } raw => Of(raw),
        _ => element.Clone(),
    };

    public static JsonElement Of(string text)
    {
        var end = char.IsHighSurrogate(text.ElementAtOrDefault(Longest - 1)) ? Longest - 1 : Longest;
        return JsonSerializer.SerializeToElement(text.Length <= Longest ? text : text[..end] + "…", ApiJson.Wire.String);
    }
}

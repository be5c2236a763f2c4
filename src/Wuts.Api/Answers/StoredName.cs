using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wuts.Api.Answers;

/// <summary>Writes an enumeration as its members' names, and documents them.</summary>
internal sealed class StoredNameConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>Names of enumeration members as clients see them: snake_case.</summary>
internal static class StoredName
{
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.All.TryGetValue(value, out var name) ? name : value.ToString();

    /// <summary>The member of this name, in any case; <c>null</c> if there is none.</summary>
    public static T? Parse<T>(string name)
        where T : struct, Enum =>
        Names<T>.All.Where(pair => pair.Value.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(pair => (T?)pair.Key).FirstOrDefault();

    /// <summary>All names, for a sentence: <c>a, b or c</c>.</summary>
    public static string List<T>()
        where T : struct, Enum
    {
        var names = Names<T>.All.Values;
        return $"{string.Join(", ", names.SkipLast(1))} or {names.Last()}";
    }

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> All =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}

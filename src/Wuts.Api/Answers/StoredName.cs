using System.Text.Json;

namespace Wuts.Api.Answers;

/// <summary>Names of enumeration members as clients see them: snake_case.</summary>
internal static class StoredName
{
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.All.TryGetValue(value, out var name) ? name : value.ToString();

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> All =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}

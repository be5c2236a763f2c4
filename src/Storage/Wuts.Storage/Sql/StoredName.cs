using System.Collections.Frozen;
using System.Text.Json;

namespace Wuts.Storage.Sql;

/// <summary>The stored names of an enumeration: its members in snake_case.</summary>
internal static class StoredName<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Names =
        Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<string, T> Values =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static string Of(T value) => Names[value];

    public static string? OfNullable(T? value) => value is { } some ? Names[some] : null;

    public static T Parse(string name) => Values[name];

    public static T? ParseNullable(string? name) => name is null ? null : Values[name];
}

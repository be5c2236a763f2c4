using System.Globalization;
using System.Text.Json.Nodes;

namespace Wuts.Deploy.Tests.Yaml;

/// <summary>Walking trees in which most things are optional.</summary>
internal static class Nodes
{
    /// <summary>What is at a path of names, or <c>null</c>.</summary>
    public static JsonNode? At(this JsonNode? node, params string[] path) =>
        path.Aggregate(node, (current, name) => (current as JsonObject)?[name]);

    public static string? Text(this JsonNode? node, params string[] path) => (node.At(path) as JsonValue)?.GetValue<string>();

    public static int Number(this JsonNode? node, params string[] path) =>
        int.Parse(node.Text(path) ?? throw new InvalidOperationException($"There is no {string.Join('/', path)}."), CultureInfo.InvariantCulture);

    /// <summary>The items of a list; none where there is no list.</summary>
    public static IEnumerable<JsonNode> Items(this JsonNode? node, params string[] path) =>
        (node.At(path) as JsonArray)?.OfType<JsonNode>() ?? [];

    /// <summary>The texts of a list of texts.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node, params string[] path) => node.Items(path).Select(item => item.GetValue<string>());

    /// <summary>The names and values of an object; none where there is no object.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Pairs(this JsonNode? node, params string[] path) =>
        (node.At(path) as JsonObject)?.AsEnumerable() ?? [];

    /// <summary>Whether labels have all that a selector asks for.</summary>
    public static bool Matches(this JsonNode? labels, JsonNode? selector) =>
        selector.Pairs().All(wanted => labels.Text(wanted.Key) == wanted.Value?.GetValue<string>());
}

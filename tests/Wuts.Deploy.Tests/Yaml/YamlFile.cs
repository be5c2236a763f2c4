using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Wuts.Deploy.Tests.Yaml;

/// <summary>YAML as trees of objects, arrays and texts: anchors and merges resolved, no scalar taken for anything but text.</summary>
internal static class YamlFile
{
    // A key that a merge brought and its mapping has itself is there twice for this library; the later one, its own, wins as it should.
    private static readonly IDeserializer Deserializer = new DeserializerBuilder().Build();

    /// <summary>The documents of a file, of which the empty ones are left out.</summary>
    public static JsonNode[] Parse(string text)
    {
        var parser = new MergingParser(new Parser(new StringReader(text)));
        var documents = new List<JsonNode>();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            if (Convert(Deserializer.Deserialize(parser)) is { } document)
            {
                documents.Add(document);
            }
        }

        return [.. documents];
    }

    private static JsonNode? Convert(object? value) => value switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(pair => KeyValuePair.Create((string)pair.Key, Convert(pair.Value)))),
        IList<object> list => new JsonArray([.. list.Select(Convert)]),
        _ => JsonValue.Create((string)value),
    };
}

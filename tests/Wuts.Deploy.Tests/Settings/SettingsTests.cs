using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Wuts.Deploy.Tests.Yaml;

namespace Wuts.Deploy.Tests.Settings;

public sealed partial class SettingsTests
{
    private static readonly string[] TextFiles = [".yaml", ".yml", ".md", ".example", ""]; // the last one is the Dockerfile

    public static TheoryData<string> Named => [.. DeployFolder.Files(TextFiles)
        .SelectMany(file => EnvironmentKey().Matches(DeployFolder.Read(file)).Select(match => match.Value)
            .Concat(SettingName().Matches(DeployFolder.Read(file)).Select(match => match.Groups[1].Value.Replace(":", "__").ToUpperInvariant())))
        .Distinct().Order(StringComparer.Ordinal)];

    public static IEnumerable<object[]> Given => DeployFolder.Files(".yaml")
        .SelectMany(file => YamlFile.Parse(DeployFolder.Read(file))).SelectMany(Assignments)
        .Where(pair => pair.Key.StartsWith("WUTS__", StringComparison.Ordinal) && !pair.Value.Contains("${"))
        .Distinct().Select(pair => new object[] { pair.Key, pair.Value });

    [Theory, MemberData(nameof(Named))]
    public void Each_setting_that_is_named_exists(string key) => Assert.NotNull(ProductSettings.TypeOf(key.Split("__")));

    [Theory, MemberData(nameof(Given))]
    public void Each_value_that_is_given_can_be_read(string key, string value)
    {
        if (ProductSettings.TypeOf(key.Split("__")) is { } type) // one that does not exist fails in the test above
        {
            Assert.NotNull(TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value));
        }
    }

    // Compose and ConfigMaps map names to values, containers list them, generators write them as one text.
    private static IEnumerable<KeyValuePair<string, string>> Assignments(JsonNode? node) => node switch
    {
        JsonObject map when map.Text("name") is { } name && map.Text("value") is { } value => [new(name, value)],
        JsonObject map => map.SelectMany(pair => pair.Value is JsonValue value ? [new(pair.Key, value.GetValue<string>())] : Assignments(pair.Value)),
        JsonArray list => list.SelectMany(Assignments),
        JsonValue text when text.GetValue<string>().Split('=', 2) is [var name, var value] => [new(name, value)],
        _ => [],
    };

    [GeneratedRegex(@"\bWUTS__[A-Z0-9_]*[A-Z0-9]")]
    private static partial Regex EnvironmentKey();

    [GeneratedRegex(@"`(Wuts:[A-Za-z:]+)`")]
    private static partial Regex SettingName();
}

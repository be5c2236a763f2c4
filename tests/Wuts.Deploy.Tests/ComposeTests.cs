using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Wuts.Deploy.Tests.Yaml;

namespace Wuts.Deploy.Tests;

public sealed partial class ComposeTests
{
    public static TheoryData<string> Files => ["compose.yaml", "compose.single.yaml"];

    [Fact]
    public void All_YAML_parses() => Assert.All(DeployFolder.Files(".yaml", ".yml"), file => Assert.NotEmpty(YamlFile.Parse(DeployFolder.Read(file))));

    [Theory, MemberData(nameof(Files))]
    public void What_a_service_names_exists(string file)
    {
        var compose = Read(file);
        Assert.All(compose.Pairs("services"), service =>
        {
            var needed = service.Value.At("depends_on") is JsonArray ? service.Value.Texts("depends_on") : service.Value.Pairs("depends_on").Select(d => d.Key);
            Assert.All(needed, name => Assert.NotNull(compose.At("services", name)));
            Assert.All(service.Value.Texts("networks"), name => Assert.True((compose.At("networks") as JsonObject)?.ContainsKey(name)));
            Assert.All(service.Value.Texts("secrets"), name => Assert.NotNull(compose.At("secrets", name)));
            Assert.All(service.Value.Texts("volumes").Select(v => v.Split(':')[0]), source => Assert.True(
                source.StartsWith("./", StringComparison.Ordinal)
                    ? Path.Exists(DeployFolder.PathOf(source[2..]))
                    : (compose.At("volumes") as JsonObject)?.ContainsKey(source),
                source));
        });
    }

    [Theory, MemberData(nameof(Files))]
    public void Ports_are_published_to_this_machine_only(string file) => Assert.All(
        Read(file).Pairs("services").SelectMany(service => service.Value.Texts("ports")),
        port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));

    [Theory, MemberData(nameof(Files))]
    public void Services_are_bounded_in_memory_and_their_images_have_a_version(string file) => Assert.All(
        Read(file).Pairs("services"),
        service =>
        {
            Assert.NotNull(service.Value.Text("mem_limit"));
            Assert.Matches(@"^(wuts:\$\{WUTS_VERSION:-dev\}|[a-z/]+:v?[0-9][0-9.]*)$", service.Value.Text("image")!);
        });

    [Theory, MemberData(nameof(Files))]
    public void Our_services_have_no_rights_and_time_to_drain(string file) => Assert.All(
        Read(file).Pairs("services").Where(service => service.Value.Text("image")!.StartsWith("wuts:", StringComparison.Ordinal)),
        service =>
        {
            Assert.Equal("true", service.Value.Text("read_only"));
            Assert.Equal(["ALL"], service.Value.Texts("cap_drop"));
            var role = service.Value.Text("environment", "WUTS__ROLE");
            var grace = int.Parse(service.Value.Text("stop_grace_period")?.TrimEnd('s') ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(grace > role switch { "gateway" or "all" => 115, "silo" => 80, _ => -1 }, $"{service.Key} has {grace} s");
        });

    [Theory, MemberData(nameof(Files))]
    public void No_secret_is_written_down_and_the_example_names_each_variable(string file)
    {
        var text = DeployFolder.Read(file);
        var example = DeployFolder.Read(".env.example");

        Assert.All(SecretAssignment().Matches(text).Select(m => m.Groups[1].Value.Trim()), value => Assert.Matches(@"^$|\$\{[A-Z_]+:\?", value));
        Assert.All(Variable().Matches(text).Select(m => m.Groups[1].Value), name => Assert.Contains($"{name}=", example, StringComparison.Ordinal));
        Assert.All(SecretAssignment().Matches(example).Select(m => m.Groups[1].Value.Trim()), value => Assert.Equal("", value));
    }

    private static JsonNode Read(string file) => YamlFile.Parse(DeployFolder.Read(file)).Single();

    [GeneratedRegex(@"^#? *[A-Z_]*(?:TOKEN|KEY|PASSWORD|CONNECTIONSTRING)[:=](.*)$", RegexOptions.Multiline)]
    private static partial Regex SecretAssignment();

    [GeneratedRegex(@"\$\{([A-Z_]+)")]
    private static partial Regex Variable();
}

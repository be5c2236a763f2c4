using System.Text.RegularExpressions;
using Wuts.Deploy.Tests.Yaml;

namespace Wuts.Deploy.Tests;

public sealed partial class PrometheusTests
{
    [Fact]
    public void It_finds_services_and_the_token_that_Compose_has()
    {
        var compose = YamlFile.Parse(DeployFolder.Read("compose.yaml")).Single();
        var configuration = YamlFile.Parse(DeployFolder.Read("prometheus/prometheus.yml")).Single();

        Assert.All(configuration.Items("scrape_configs"), job =>
        {
            Assert.All(job.Items("dns_sd_configs").SelectMany(d => d.Texts("names")), name => Assert.NotNull(compose.At("services", name)));
            var secret = job.Text("authorization", "credentials_file")!.Split('/')[^1];
            Assert.Contains(secret, compose.Texts("services", "prometheus", "secrets"));
        });
        Assert.All(configuration.Texts("rule_files"), file => Assert.True(File.Exists(DeployFolder.PathOf($"prometheus/{file}")), file));
    }

    [Fact]
    public void Alerts_that_a_runbook_names_exist()
    {
        var alerts = YamlFile.Parse(DeployFolder.Read("prometheus/alerts.yml")).Single().Items("groups")
            .SelectMany(group => group.Items("rules")).Select(rule => rule.Text("alert")).ToHashSet();

        Assert.All(
            DeployFolder.Files(".md").SelectMany(file => Alert().Matches(DeployFolder.Read(file))).Select(match => match.Groups[1].Value),
            name => Assert.Contains(name, alerts));
    }

    // Without looking for the files that it names: the token is a secret of the container.
    [PromtoolFact]
    public void The_configuration_is_one() => Succeeds("check", "config", "--syntax-only", DeployFolder.PathOf("prometheus/prometheus.yml"));

    [PromtoolFact]
    public void The_rules_are_rules() => Assert.All(
        YamlFile.Parse(DeployFolder.Read("prometheus/prometheus.yml")).Single().Texts("rule_files"),
        file => Succeeds("check", "rules", DeployFolder.PathOf($"prometheus/{file}")));

    private static void Succeeds(params string[] arguments)
    {
        var (exitCode, output, errors) = Tool.Run("promtool", arguments);
        Assert.True(exitCode == 0, output + errors);
    }

    [GeneratedRegex("`(Wuts[A-Z][A-Za-z]+)`")]
    private static partial Regex Alert();
}

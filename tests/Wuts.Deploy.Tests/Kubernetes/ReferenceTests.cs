using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Wuts.Deploy.Tests.Yaml;

namespace Wuts.Deploy.Tests.Kubernetes;

/// <summary>Whatever is named exists.</summary>
public sealed partial class ReferenceTests
{
    [KubectlTheory]
    [InlineData("base")]
    [InlineData("overlays/production")]
    [InlineData("overlays/demo")]
    public void Kustomize_renders(string folder) => Assert.NotEmpty(Manifests.Rendered(folder).Workloads);

    [Fact]
    public void Files_of_a_kustomization_exist() => Assert.All(
        DeployFolder.Files(".yaml").Where(file => file.EndsWith("/kustomization.yaml", StringComparison.Ordinal)),
        file =>
        {
            var folder = Path.GetDirectoryName(DeployFolder.PathOf(file))!;
            var kustomization = YamlFile.Parse(DeployFolder.Read(file)).Single();
            var named = kustomization.Texts("resources")
                .Concat(kustomization.Texts("components"))
                .Concat(kustomization.Items("patches").Select(patch => patch.Text("path")!));
            Assert.All(named, name => Assert.True(Path.Exists(Path.Combine(folder, name)), $"{file} names {name}"));
        });

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Configuration_that_a_container_takes_exists(string form)
    {
        var manifests = ManifestData.Get(form);
        Assert.All(
            manifests.Workloads.SelectMany(Manifests.Containers).SelectMany(c => c.Items("envFrom")),
            source => Assert.NotNull(manifests.Find("ConfigMap", source.Text("configMapRef", "name"))));
    }

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Secrets_are_named_and_the_readme_says_how_to_make_them(string form)
    {
        var manifests = ManifestData.Get(form);
        var readme = DeployFolder.Read("kubernetes/README.md").Replace("\\\n", " ", StringComparison.Ordinal);
        var made = SecretCommand().Matches(readme)
            .SelectMany(command => SecretKey().Matches(command.Value).Select(key => (command.Groups["name"].Value, key.Groups[1].Value)))
            .ToHashSet();
        var used = manifests.Workloads.SelectMany(Manifests.Containers).SelectMany(c => c.Items("env")).Select(e => e.At("valueFrom", "secretKeyRef"))
            .Concat(manifests.Of("PodMonitor").SelectMany(m => m.Items("spec", "podMetricsEndpoints")).Select(e => e.At("authorization", "credentials")))
            .OfType<JsonObject>();

        Assert.Empty(manifests.Of("Secret"));
        Assert.All(used, secret => Assert.Contains((secret.Text("name")!, secret.Text("key")!), made));
        Assert.All(
            manifests.Of("Ingress").SelectMany(i => i.Items("spec", "tls")),
            tls => Assert.Contains($"create secret tls {tls.Text("secretName")} ", readme, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Workloads_select_their_own_pods_and_use_an_account_without_a_token(string form)
    {
        var manifests = ManifestData.Get(form);
        Assert.All(manifests.Workloads, workload =>
        {
            Assert.Equal([workload], manifests.Selected(workload.At("spec", "selector", "matchLabels")));
            var account = manifests.Find("ServiceAccount", Manifests.PodOf(workload).Text("serviceAccountName"));
            Assert.Equal("false", account.Text("automountServiceAccountToken"));
            Assert.Equal("false", Manifests.PodOf(workload).Text("automountServiceAccountToken"));
        });
    }

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Services_lead_to_ports_of_pods_and_the_ingress_to_a_service(string form)
    {
        var manifests = ManifestData.Get(form);
        Assert.All(manifests.Of("Service"), service =>
        {
            var workload = Assert.Single(manifests.Selected(service.At("spec", "selector")));
            Assert.All(service.Items("spec", "ports"), port => Assert.Contains(port.Text("targetPort")!, Manifests.PortsOf(workload)));
        });
        var backends = manifests.Of("Ingress").SelectMany(i => i.Items("spec", "rules")).SelectMany(r => r.Items("http", "paths")).Select(p => p.At("backend", "service"));
        Assert.All(backends, backend => Assert.Contains(
            backend.Text("port", "name"),
            manifests.Find("Service", backend.Text("name")).Items("spec", "ports").Select(p => p.Text("name"))));
    }

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Monitors_look_at_ports_of_pods(string form)
    {
        var manifests = ManifestData.Get(form);
        Assert.All(manifests.Of("PodMonitor"), monitor => Assert.All(
            manifests.Selected(monitor.At("spec", "selector", "matchLabels")),
            workload => Assert.All(
                monitor.Items("spec", "podMetricsEndpoints"), endpoint => Assert.Contains(endpoint.Text("port")!, Manifests.PortsOf(workload)))));
    }

    [GeneratedRegex(@"create secret generic (?<name>[a-z-]+).*")]
    private static partial Regex SecretCommand();

    [GeneratedRegex(@"--from-(?:literal|file)=([a-z-]+)")]
    private static partial Regex SecretKey();
}

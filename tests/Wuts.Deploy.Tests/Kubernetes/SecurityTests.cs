using System.Text.RegularExpressions;
using Wuts.Deploy.Tests.Yaml;

namespace Wuts.Deploy.Tests.Kubernetes;

public sealed partial class SecurityTests
{
    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Pods_run_as_somebody_with_a_number_and_no_rights(string form) => Assert.All(ManifestData.Get(form).Workloads, workload =>
    {
        var pod = Manifests.PodOf(workload);
        Assert.Equal("true", pod.Text("securityContext", "runAsNonRoot"));
        Assert.NotEqual(0, pod.Number("securityContext", "runAsUser"));
        Assert.Equal("RuntimeDefault", pod.Text("securityContext", "seccompProfile", "type"));
        Assert.All(Manifests.Containers(workload), container =>
        {
            Assert.Equal("false", container.Text("securityContext", "allowPrivilegeEscalation"));
            Assert.Equal("true", container.Text("securityContext", "readOnlyRootFilesystem"));
            Assert.Equal(["ALL"], container.Texts("securityContext", "capabilities", "drop"));
        });
    });

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void A_read_only_container_has_somewhere_for_temporary_files(string form) => Assert.All(ManifestData.Get(form).Workloads, workload =>
    {
        var volumes = Manifests.PodOf(workload).Items("volumes").Concat(workload.Items("spec", "volumeClaimTemplates"))
            .Select(v => v.Text("name") ?? Manifests.NameOf(v)).ToHashSet();
        Assert.All(Manifests.Containers(workload), container =>
        {
            Assert.All(container.Items("volumeMounts"), mount => Assert.Contains(mount.Text("name")!, volumes));
            Assert.Contains("/tmp", container.Items("volumeMounts").Select(m => m.Text("mountPath")));
        });
    });

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Containers_are_bounded_in_memory_and_not_in_processor_time(string form) => Assert.All(
        ManifestData.Get(form).Workloads.SelectMany(Manifests.Containers),
        container =>
        {
            Assert.Equal(container.Text("resources", "requests", "memory"), container.Text("resources", "limits", "memory"));
            Assert.NotNull(container.At("resources", "limits", "memory"));
            Assert.Null(container.At("resources", "limits", "cpu"));
        });

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Images_have_a_version(string form) => Assert.All(
        ManifestData.Get(form).Workloads.SelectMany(Manifests.Containers),
        container => Assert.Matches(@":(?!latest$)[A-Za-z0-9._-]+$", container.Text("image")!));

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void No_secret_is_written_down(string form)
    {
        var manifests = ManifestData.Get(form);
        Assert.All(
            manifests.Workloads.SelectMany(Manifests.Containers).SelectMany(c => c.Items("env")).Where(e => Secret().IsMatch(e.Text("name")!)),
            variable => Assert.NotNull(variable.At("valueFrom", "secretKeyRef")));
        Assert.DoesNotContain(manifests.Of("ConfigMap").SelectMany(m => m.Pairs("data")), pair => Secret().IsMatch(pair.Key));
    }

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Everything_is_denied_and_then_allowed_by_pods_and_ports_that_exist(string form)
    {
        var manifests = ManifestData.Get(form);
        var everything = Assert.Single(manifests.Of("NetworkPolicy"), p => p.At("spec", "podSelector") is System.Text.Json.Nodes.JsonObject { Count: 0 });
        Assert.Equal(["Ingress", "Egress"], everything.Texts("spec", "policyTypes"));
        Assert.Null(everything.At("spec", "ingress"));
        Assert.Null(everything.At("spec", "egress"));
        foreach (var policy in manifests.Of("NetworkPolicy").Except([everything]))
        {
            var pods = manifests.Selected(policy.At("spec", "podSelector", "matchLabels")).ToList();
            Assert.NotEmpty(pods);
            Assert.All(
                policy.Items("spec", "ingress").SelectMany(rule => rule.Items("ports")),
                port => Assert.All(pods, pod => Assert.Contains(port.Text("port")!, Manifests.PortsOf(pod))));
        }
    }

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Only_silos_reach_the_internet(string form)
    {
        var manifests = ManifestData.Get(form);
        var open = manifests.Of("NetworkPolicy").Where(p => p.Items("spec", "egress").SelectMany(r => r.Items("to")).Any(to => to.Text("ipBlock", "cidr") is "0.0.0.0/0" or "::/0"));

        Assert.Equal("wuts-silo", Manifests.NameOf(Assert.Single(open)));
    }

    [GeneratedRegex("TOKEN|KEY|PASSWORD|SECRET|CONNECTIONSTRING")]
    private static partial Regex Secret();
}

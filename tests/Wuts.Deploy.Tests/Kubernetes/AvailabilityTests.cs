using System.Globalization;
using Wuts.Api.Sending;
using Wuts.Deploy.Tests.Settings;
using Wuts.Deploy.Tests.Yaml;
using Wuts.Grains.Devices;

namespace Wuts.Deploy.Tests.Kubernetes;

/// <summary>Nothing is stopped too early, too often or too many at a time.</summary>
public sealed class AvailabilityTests
{
    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Probes_ask_ports_that_exist_for_paths_that_the_program_has(string form) => Assert.All(
        ManifestData.Get(form).Workloads,
        workload => Assert.All(
            Manifests.Containers(workload).SelectMany(c => new[] { c.At("startupProbe"), c.At("livenessProbe"), c.At("readinessProbe") }).Where(p => p.At("httpGet") is not null),
            probe =>
            {
                Assert.Contains(probe.Text("httpGet", "port")!, Manifests.PortsOf(workload));
                Assert.Contains($"GET {probe.Text("httpGet", "path")}", Endpoints.All);
            }));

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Nothing_is_restarted_because_the_database_is_away(string form) => Assert.All(
        ManifestData.Get(form).Workloads.SelectMany(w => Manifests.PodOf(w).Items("containers")).Where(IsOurs),
        container =>
        {
            Assert.Equal("/health/live", container.Text("livenessProbe", "httpGet", "path"));
            Assert.Equal("/health/live", container.Text("startupProbe", "httpGet", "path"));
            Assert.Equal("/health/ready", container.Text("readinessProbe", "httpGet", "path"));
            Assert.InRange(container.Number("livenessProbe", "periodSeconds") * container.Number("livenessProbe", "failureThreshold"), 60, 300);
        });

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void Grace_is_longer_than_the_shutdown_delay_and_what_may_be_under_way(string form)
    {
        var underWay = new Dictionary<string, TimeSpan>
        {
            ["silo"] = new SendingOptions().SendTimeout,
            ["gateway"] = new HeldSendOptions().Patience,
        };
        var workloads = ManifestData.Get(form).Workloads.ToList();
        Assert.All(underWay, role =>
        {
            var workload = Assert.Single(workloads, w => w.Text("spec", "template", "metadata", "labels", "app.kubernetes.io/component") == role.Key);
            var container = Manifests.PodOf(workload).Items("containers").Single();
            var delay = container.Items("env").Single(e => e.Text("name") == "WUTS__SHUTDOWNDELAY").Text("value")!;
            var needed = TimeSpan.Parse(delay, CultureInfo.InvariantCulture) + role.Value;
            Assert.True(Manifests.PodOf(workload).Number("terminationGracePeriodSeconds") > needed.TotalSeconds, $"{role.Key} needs more than {needed}");
        });
    }

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void A_disruption_takes_some_pods_and_never_all(string form)
    {
        var manifests = ManifestData.Get(form);
        Assert.All(manifests.Of("PodDisruptionBudget"), budget =>
        {
            var workload = Assert.Single(manifests.Selected(budget.At("spec", "selector", "matchLabels")));
            Assert.InRange(budget.Number("spec", "maxUnavailable"), 1, manifests.LeastPods(workload) - 1);
        });
        Assert.All(["wuts-silo", "wuts-gateway"], name => Assert.NotNull(manifests.Find("PodDisruptionBudget", name)));
    }

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void What_an_autoscaler_scales_does_not_say_its_own_number(string form)
    {
        var manifests = ManifestData.Get(form);
        Assert.All(manifests.Of("HorizontalPodAutoscaler"), scaler =>
        {
            var workload = manifests.Find(scaler.Text("spec", "scaleTargetRef", "kind")!, scaler.Text("spec", "scaleTargetRef", "name"));
            Assert.NotNull(workload);
            Assert.Null(workload.At("spec", "replicas"));
            Assert.True(scaler.Number("spec", "minReplicas") <= scaler.Number("spec", "maxReplicas"));
            Assert.All(Manifests.Containers(workload), c => Assert.NotNull(c.At("resources", "requests", "cpu"))); // it scales by a share of that
        });
    }

    [Theory, MemberData(nameof(ManifestData.Names), MemberType = typeof(ManifestData))]
    public void A_rollout_never_makes_the_cluster_smaller(string form) => Assert.All(
        ManifestData.Get(form).Of("Deployment").Where(d => d.Text("spec", "strategy", "type") == "RollingUpdate"),
        deployment =>
        {
            Assert.Equal(0, deployment.Number("spec", "strategy", "rollingUpdate", "maxUnavailable"));
            Assert.Equal(1, deployment.Number("spec", "strategy", "rollingUpdate", "maxSurge"));
        });

    private static bool IsOurs(System.Text.Json.Nodes.JsonNode container) => container.Text("image")!.Split(':')[0].Split('/')[^1] == "wuts";
}

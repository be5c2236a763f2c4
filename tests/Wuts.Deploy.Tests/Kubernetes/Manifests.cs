using System.Text.Json.Nodes;
using Wuts.Deploy.Tests.Yaml;

namespace Wuts.Deploy.Tests.Kubernetes;

/// <summary>The objects of one kustomization.</summary>
internal sealed class Manifests(JsonNode[] objects)
{
    /// <summary>The base without any tool: resources as they are written, and what its generator and its images would make of them.</summary>
    public static Manifests BaseAsWritten()
    {
        var kustomization = YamlFile.Parse(DeployFolder.Read("kubernetes/base/kustomization.yaml")).Single();
        var objects = kustomization.Texts("resources").SelectMany(file => YamlFile.Parse(DeployFolder.Read($"kubernetes/base/{file}"))).ToList();
        foreach (var generator in kustomization.Items("configMapGenerator"))
        {
            var data = generator.Texts("literals").Select(literal => literal.Split('=', 2));
            objects.Add(new JsonObject
            {
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject { ["name"] = generator.Text("name") },
                ["data"] = new JsonObject(data.Select(pair => KeyValuePair.Create(pair[0], (JsonNode?)pair[1]))),
            });
        }

        var manifests = new Manifests([.. objects]);
        foreach (var container in manifests.Workloads.SelectMany(Containers))
        {
            var image = kustomization.Items("images").FirstOrDefault(i => i.Text("name") == container.Text("image"));
            container["image"] = image is null ? container.Text("image") : $"{image.Text("newName") ?? image.Text("name")}:{image.Text("newTag")}";
        }

        return manifests;
    }

    public static Manifests Rendered(string folder) => new(YamlFile.Parse(Kubectl.Render(DeployFolder.PathOf($"kubernetes/{folder}"))));

    public IEnumerable<JsonNode> Workloads => objects.Where(o => o.Text("kind") is "Deployment" or "StatefulSet");

    public IEnumerable<JsonNode> Of(string kind) => objects.Where(o => o.Text("kind") == kind);

    public JsonNode? Find(string kind, string? named) => Of(kind).SingleOrDefault(o => NameOf(o) == named);

    /// <summary>The workloads whose pods a selector (<c>matchLabels</c>) finds.</summary>
    public IEnumerable<JsonNode> Selected(JsonNode? matchLabels) =>
        Workloads.Where(workload => workload.At("spec", "template", "metadata", "labels").Matches(matchLabels));

    /// <summary>How many pods of a workload there are at least: what its autoscaler says, or it itself.</summary>
    public int LeastPods(JsonNode workload) =>
        Of("HorizontalPodAutoscaler").SingleOrDefault(h => h.Text("spec", "scaleTargetRef", "name") == NameOf(workload)) is { } scaler
            ? scaler.Number("spec", "minReplicas")
            : workload.Number("spec", "replicas");

    public static string NameOf(JsonNode node) => node.Text("metadata", "name")!;

    public static JsonNode PodOf(JsonNode workload) => workload.At("spec", "template", "spec")!;

    public static IEnumerable<JsonNode> Containers(JsonNode workload) =>
        PodOf(workload).Items("initContainers").Concat(PodOf(workload).Items("containers"));

    public static HashSet<string> PortsOf(JsonNode workload) =>
        [.. Containers(workload).SelectMany(c => c.Items("ports")).SelectMany(p => new[] { p.Text("name"), p.Text("containerPort") }).OfType<string>()];
}

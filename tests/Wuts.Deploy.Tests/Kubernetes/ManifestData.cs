namespace Wuts.Deploy.Tests.Kubernetes;

/// <summary>Every form of the manifests that this machine can make; the base as it is written is always among them.</summary>
public static class ManifestData
{
    private const string AsWritten = "base as written";

    private static readonly string[] Rendered = Kubectl.UnavailableBecause is null ? ["base", "overlays/production", "overlays/demo"] : [];

    private static readonly Lazy<Dictionary<string, Manifests>> Forms = new(() =>
        Rendered.ToDictionary(folder => folder, Manifests.Rendered).Append(new(AsWritten, Manifests.BaseAsWritten())).ToDictionary());

    public static TheoryData<string> Names => [AsWritten, .. Rendered];

    internal static Manifests Get(string name) => Forms.Value[name];
}

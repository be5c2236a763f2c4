using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Wuts.Deploy.Tests.Kubernetes;

/// <summary>The <c>kubectl</c> of this machine, which is only asked to render; it calls no cluster.</summary>
internal static partial class Kubectl
{
    // Older ones carry a kustomize that cannot take a folder as a resource.
    private const int OldestMinor = 21;

    public static string? UnavailableBecause { get; } = FindReason();

    public static string Render(string folder)
    {
        var (exitCode, output, errors) = Tool.Run("kubectl", "kustomize", folder);
        return exitCode == 0 ? output : throw new InvalidOperationException($"kubectl kustomize {folder}: {errors}");
    }

    private static string? FindReason()
    {
        if (Tool.Find("kubectl") is null)
        {
            return "kubectl is not on the path.";
        }

        var (exitCode, output, errors) = Tool.Run("kubectl", "version", "--client", "-o", "json");
        if (exitCode != 0)
        {
            return $"kubectl does not tell its version: {errors}";
        }

        var minor = Digits().Match(JsonNode.Parse(output)!["clientVersion"]!["minor"]!.GetValue<string>()).Value;
        return int.Parse(minor, CultureInfo.InvariantCulture) >= OldestMinor ? null : $"kubectl is 1.{minor}; rendering needs 1.{OldestMinor} or later.";
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}

/// <summary>A theory that needs <c>kubectl kustomize</c>.</summary>
public sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute() => Skip = Kubectl.UnavailableBecause;
}

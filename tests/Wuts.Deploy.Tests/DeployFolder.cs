using System.Reflection;

namespace Wuts.Deploy.Tests;

/// <summary>The tree this test was built from, and its folder <c>deploy</c>.</summary>
internal static class DeployFolder
{
    public static string Root { get; } = Path.GetFullPath(
        typeof(DeployFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "SourceRoot").Value!);

    public static string PathOf(string relative) => Path.Combine(Root, "deploy", relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>Paths relative to <c>deploy</c>, with forward slashes.</summary>
    public static IEnumerable<string> Files(params string[] extensions) =>
        Directory.EnumerateFiles(PathOf(""), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Where(file => extensions.Length == 0 || extensions.Contains(Path.GetExtension(file)))
            .Select(file => Path.GetRelativePath(PathOf(""), file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
}

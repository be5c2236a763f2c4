using System.Reflection;
using System.Xml.Linq;

namespace Wuts.Architecture.Tests;

/// <summary>The source tree this test was built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Path.GetFullPath(
        typeof(SourceTree).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "SourceRoot").Value!);

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"));

    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    /// <summary>Each product project with the projects that it references.</summary>
    public static IEnumerable<(string Project, string[] References)> Projects() =>
        Files("src", "*.csproj").Select(file => (
            Path.GetFileNameWithoutExtension(file),
            XDocument.Load(file).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))
                .ToArray()));
}

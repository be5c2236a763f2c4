using System.Text.RegularExpressions;

namespace Wuts.Architecture.Tests;

public sealed partial class TreeTests
{
    // Who may know whom. What is not listed may know nobody.
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Orleans.InProcess"] = [],
        ["Wuts.Domain"] = [],
        ["Wuts.Grains.Abstractions"] = ["Wuts.Domain"],
        ["Wuts.Transports"] = ["Wuts.Domain"],
        ["Wuts.Transports.Simulator"] = ["Wuts.Transports"],
        ["Wuts.Storage"] = ["Wuts.Domain"],
        ["Wuts.Storage.Sqlite"] = ["Wuts.Storage"],
        ["Wuts.Storage.PostgreSql"] = ["Wuts.Storage"],
        ["Wuts.Webhooks"] = ["Wuts.Domain"],
        ["Wuts.Grains"] = ["Wuts.Grains.Abstractions", "Wuts.Transports", "Wuts.Storage", "Wuts.Webhooks"],
        ["Wuts.Api"] = ["Wuts.Grains.Abstractions", "Wuts.Transports", "Wuts.Storage", "Wuts.Webhooks"],
        ["Wuts.Server"] = ["Wuts.Api", "Wuts.Grains", "Wuts.Storage.Sqlite", "Wuts.Storage.PostgreSql", "Wuts.Transports.Simulator"],
    };

    [Fact]
    public void Dependencies_point_one_way() => Assert.All(
        SourceTree.Projects(),
        p => Assert.Subset(Arrows[p.Project].ToHashSet(), p.References.ToHashSet()));

    [Fact]
    public void Each_project_has_a_short_readme() => Assert.All(
        SourceTree.Files("src", "*.csproj"),
        project =>
        {
            var readme = Path.Combine(Path.GetDirectoryName(project)!, "README.md");
            Assert.True(File.Exists(readme), $"{SourceTree.Relative(readme)} is missing");
            Assert.InRange(File.ReadAllLines(readme).Length, 1, 30);
        });

    [Fact]
    public void No_file_is_longer_than_five_hundred_lines() => Assert.All(
        SourceTree.Files("src", "*.cs").Concat(SourceTree.Files("tests", "*.cs")),
        file => Assert.True(File.ReadAllLines(file).Length <= 500, $"{SourceTree.Relative(file)} has {File.ReadAllLines(file).Length} lines"));

    [Fact]
    public void Folders_and_files_have_names_of_their_own() => Assert.DoesNotContain(
        SourceTree.Files("src", "*.cs").Concat(SourceTree.Files("tests", "*.cs")).Select(SourceTree.Relative),
        path => NamelessRoom().IsMatch(path));

    [Fact]
    public void Only_the_composition_root_and_the_tests_know_the_engine() => Assert.DoesNotContain(
        SourceTree.Files("src", "*.cs").Where(f => !SourceTree.Relative(f).Contains("Wuts.Server")),
        file => EngineSwitch().IsMatch(File.ReadAllText(file)));

    [Fact]
    public void Rules_use_nothing_of_the_programming_model_but_its_serializer_attributes() => Assert.All(
        SourceTree.Files("src/Wuts.Domain", "*.cs"),
        file => Assert.DoesNotMatch(MoreThanAttributes(), File.ReadAllText(file)));

    [GeneratedRegex(@"(^|/)(Utils?|Common|Helpers?|Misc|Shared|Models)(/|\.cs$)", RegexOptions.IgnoreCase)]
    private static partial Regex NamelessRoom();

    [GeneratedRegex(@"^\s*#if\b", RegexOptions.Multiline)]
    private static partial Regex EngineSwitch();

    [GeneratedRegex(@"using Orleans\.|\bGrain\b\s*[,({]|IGrainFactory|RequestContext")]
    private static partial Regex MoreThanAttributes();
}

using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Wuts.Deploy.Tests;

public sealed partial class DockerfileTests
{
    private static readonly string Text = DeployFolder.Read("Dockerfile").Replace("\\\n", " ", StringComparison.Ordinal);

    [Fact]
    public void The_program_is_built_in_one_stage_and_runs_in_another_that_cannot_build()
    {
        var stages = Stage().Matches(Text);

        Assert.Equal(["build", "final"], stages.Select(s => s.Groups["name"].Value));
        Assert.All(stages, s => Assert.Matches(@":[0-9]+\.[0-9]+-[a-z-]+$", s.Groups["image"].Value));
        Assert.Contains("/sdk:", stages[0].Groups["image"].Value, StringComparison.Ordinal);
        Assert.Contains("/aspnet:", stages[1].Groups["image"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void It_runs_as_a_number_that_is_not_root_and_says_how_it_is_and_how_to_stop_it()
    {
        var final = Text[Text.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];

        Assert.Matches(@"\nUSER [1-9][0-9]*:[1-9][0-9]*\n", final);
        Assert.Matches(@"\nHEALTHCHECK .*CMD \[""dotnet"", ""wuts\.dll"", ""health""", final);
        Assert.Contains("\nSTOPSIGNAL SIGTERM\n", final, StringComparison.Ordinal);
        Assert.Contains("\nENTRYPOINT [\"dotnet\", \"wuts.dll\"]", final, StringComparison.Ordinal);
        Assert.DoesNotContain("\nRUN ", final, StringComparison.Ordinal); // there is no shell
    }

    [Fact]
    public void What_is_copied_exists_and_is_sent_to_the_build()
    {
        var sent = File.ReadAllLines(Path.Combine(DeployFolder.Root, ".dockerignore")).Where(l => l.StartsWith('!')).Select(l => l[1..]).ToHashSet();
        var sources = Copy().Matches(Text).SelectMany(m => m.Groups["sources"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.True(Path.Exists(Path.Combine(DeployFolder.Root, source)), source));
        Assert.All(sources, source => Assert.Contains(source.Split('/')[0], sent));
    }

    [Fact]
    public void The_restored_layer_has_every_project_that_the_program_needs() => Assert.All(
        Closure("src/Wuts.Server/Wuts.Server.csproj", []),
        project => Assert.Contains($"COPY {project} {Path.GetDirectoryName(project)}/\n", Text, StringComparison.Ordinal));

    private static HashSet<string> Closure(string project, HashSet<string> seen)
    {
        if (seen.Add(project))
        {
            var folder = Path.GetDirectoryName(Path.Combine(DeployFolder.Root, project))!;
            foreach (var reference in XDocument.Load(Path.Combine(DeployFolder.Root, project)).Descendants("ProjectReference"))
            {
                var target = Path.GetFullPath(Path.Combine(folder, reference.Attribute("Include")!.Value.Replace('\\', '/')));
                Closure(Path.GetRelativePath(DeployFolder.Root, target), seen);
            }
        }

        return seen;
    }

    [GeneratedRegex(@"^FROM (?<image>\S+) AS (?<name>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Stage();

    [GeneratedRegex(@"^COPY (?!--from)(?<sources>.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();
}

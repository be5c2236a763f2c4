using System.Text.RegularExpressions;
using Wuts.Deploy.Tests.Settings;

namespace Wuts.Deploy.Tests.Runbooks;

public sealed partial class DocumentTests
{
    private static readonly string[] Sections = ["## Signs", "## Do", "## By itself", "## Never"];

    public static TheoryData<string> Documents => [.. DeployFolder.Files(".md")];

    public static TheoryData<string> Runbooks =>
        [.. DeployFolder.Files(".md").Where(f => f.StartsWith("runbooks/", StringComparison.Ordinal) && !f.EndsWith("README.md", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Documents))]
    public void Links_lead_to_files(string document) => Assert.All(
        Link().Matches(DeployFolder.Read(document)).Select(match => match.Groups[1].Value),
        link => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(DeployFolder.PathOf(document))!, link)), link));

    [Theory, MemberData(nameof(Documents))]
    public void Requests_that_are_named_exist_in_the_API(string document) => Assert.All(
        Request().Matches(DeployFolder.Read(document)).Select(match => match.Groups[1].Value),
        request => Assert.Contains(request, Endpoints.All));

    [Theory, MemberData(nameof(Runbooks))]
    public void A_runbook_says_what_to_see_to_do_and_never_to_do(string runbook)
    {
        var text = DeployFolder.Read(runbook);

        Assert.All(Sections, section => Assert.Contains($"\n{section}", text, StringComparison.Ordinal));
        Assert.Matches(@"\n## Check", text);
        Assert.Matches(@"\n## .*[Oo]ver when", text);
        Assert.Contains($"({Path.GetFileName(runbook)})", DeployFolder.Read("runbooks/README.md"), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:GET|POST|PUT|DELETE) /[A-Za-z0-9/{}_-]+)")]
    private static partial Regex Request();
}

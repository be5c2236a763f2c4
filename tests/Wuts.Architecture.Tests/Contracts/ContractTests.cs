namespace Wuts.Architecture.Tests.Contracts;

/// <summary>
/// Silos and gateways are upgraded one by one, so each version must understand the one before. <c>contracts.txt</c> is what is agreed.
/// </summary>
public sealed class ContractTests
{
    private const string Write = "WUTS_WRITE_CONTRACTS";
    private const string Command = "dotnet test tests/Wuts.Architecture.Tests --filter Contracts";

    private static readonly string Pinned = Path.Combine(SourceTree.Root, "tests/Wuts.Architecture.Tests/Contracts/contracts.txt");

    [Fact]
    public void Processes_of_this_version_and_of_the_one_before_understand_each_other()
    {
        var current = ContractReader.ReadProduct();
        var changes = ContractRules.Compare(ContractManifest.Parse(File.Exists(Pinned) ? File.ReadAllText(Pinned) : ""), current);
        var write = Environment.GetEnvironmentVariable(Write);
        if (write == "breaking" || (write == "1" && !changes.Any(change => change.Breaks)))
        {
            File.WriteAllText(Pinned, current.ToString());
            return;
        }

        Assert.True(changes.IsEmpty, Verdict(changes));
        Assert.Equal(File.ReadAllText(Pinned), current.ToString());
    }

    private static string Verdict(IReadOnlyCollection<ContractChange> changes)
    {
        var sentences = string.Join('\n', changes.OrderByDescending(change => change.Breaks).Select(change => $"{(change.Breaks ? "BREAKS" : "compatible")}: {change.Sentence}"));
        return changes.Any(change => change.Breaks)
            ? $"A rolling upgrade to this version would break.\n{sentences}\nIf every process is stopped for the upgrade all the same, or none can use it any more: {Write}=breaking {Command}"
            : $"A rolling upgrade to this version works, and contracts.txt does not say so yet. To add this, run {Write}=1 {Command}\n{sentences}";
    }
}

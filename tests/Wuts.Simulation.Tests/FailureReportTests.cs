using System.Text.RegularExpressions;
using Wuts.Simulation.Runner;
using Wuts.Simulation.Variants;

namespace Wuts.Simulation.Tests;

public sealed partial class FailureReportTests
{
    [Fact]
    public void The_command_at_its_end_gives_the_failure_again_at_the_same_step_the_same_way()
    {
        var run = new Replay(1, new DelayIgnored());
        var outcome = run.Run();

        var report = FailureReport.Of(new Finding.Violated(run, outcome));

        var command = Command().Match(report).Groups;
        var order = Order.Parse(["--seed", command["seed"].Value, "--variant", command["variant"].Value, "--faults", command["faults"].Value]);
        var again = Assert.IsType<Order.OneRun>(order).Replay.Run();
        Assert.Contains($"step {again.Step}, fingerprint {again.Fingerprint:x16}", report, StringComparison.Ordinal);
        Assert.Equal(outcome.Violations[0].Invariant, again.Violations[0].Invariant);
        Assert.True(again.Faults.Length < outcome.Faults.Length, report);
        Assert.Contains("asks ", report, StringComparison.Ordinal); // the story of the message, from its client on
    }

    [GeneratedRegex("^Replay: make simulate SEED=(?<seed>.+) VARIANT=(?<variant>.+) FAULTS=(?<faults>.+)$", RegexOptions.Multiline)]
    private static partial Regex Command();
}

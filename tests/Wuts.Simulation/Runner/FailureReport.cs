using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Orleans.InProcess.Simulation;
using Wuts.Simulation.World;
using Wuts.Testing.Checking;

namespace Wuts.Simulation.Runner;

/// <summary>A failing run for the person who has to mend it: as few faults as it takes, the story of the message, and how to have it again.</summary>
internal static class FailureReport
{
    // The seed alone is the better command where next to nothing could be left out.
    private const int MostForACommand = 50;

    public static string Of(Finding finding) => finding switch
    {
        Finding.Violated violated => Of(violated.Run, violated.Outcome),
        Finding.Broken { Run: var run, Exception: var exception } => Lines($"Seed {run.Seed} could not be judged.", $"  {exception}", "", $"Replay: {run.Command}"),
        _ => throw new ArgumentOutOfRangeException(nameof(finding)),
    };

    private static string Of(Replay run, Outcome outcome)
    {
        var invariant = outcome.Violations[0].Invariant;
        var shrinker = new Shrinker(faults => FailsWith(run, faults, invariant), TimeProvider.System);
        var faults = shrinker.Shrink(outcome.Faults);
        var effort = string.Create(CultureInfo.InvariantCulture, $"after {shrinker.Runs} runs in {shrinker.Elapsed.TotalSeconds:0} s");
        if (faults.Length > MostForACommand)
        {
            return Lines(Of(outcome), $"It needs {faults.Length} of its {outcome.Faults.Length} faults, {effort}.", $"Replay: {run.Command}");
        }

        var shrunk = run with { Only = faults };
        return Lines(
            $"Seed {run.Seed} breaks a promise at step {outcome.Step}:",
            $"  {outcome.Violations[0]}",
            $"Of its {outcome.Faults.Length} faults these {faults.Length} are enough, {effort}: {FaultList.Write(faults)}",
            "",
            Of(shrunk.Run()),
            $"Replay: {shrunk.Command}");
    }

    /// <summary>What one run was, with the whole history of each message that the first violation names.</summary>
    public static string Of(Outcome outcome)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Seed {outcome.Seed}, step {outcome.Step}, fingerprint {outcome.Fingerprint:x16}, {outcome.Faults.Length} faults: ");
        text.Append(outcome.Violations.IsEmpty ? "no promise is broken.\n" : "\n");
        foreach (var violation in outcome.Violations)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {violation}\n");
        }

        foreach (var id in outcome.Violations is [var first, ..] ? Named(first, outcome.History) : [])
        {
            text.Append('\n').Append(MessageHistory.Describe(outcome.History, id));
        }

        return text.ToString();
    }

    private static IEnumerable<string> Named(Violation violation, History history) => history.Messages
        .Select(message => message.Id)
        .Where(id => violation.Explanation.Contains(id, StringComparison.Ordinal))
        .Prepend(violation.MessageId)
        .OfType<string>()
        .Distinct();

    private static ImmutableArray<Fault>? FailsWith(Replay run, ImmutableArray<Fault> faults, Invariant invariant)
    {
        try
        {
            var outcome = (run with { Only = faults }).Run();
            return outcome.Violations.Any(violation => violation.Invariant == invariant) ? outcome.Faults : null;
        }
        catch (SimulationException)
        {
            return null; // fails too, but not the same way
        }
    }

    private static string Lines(params string[] lines) => string.Join('\n', lines) + "\n";
}

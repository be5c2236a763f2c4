using System.Globalization;
using System.Text;

namespace Wuts.Simulation.Runner;

/// <summary>A <see cref="Tally"/> in words.</summary>
internal static class TallyText
{
    /// <summary>One line while it goes on.</summary>
    public static string Progress(Tally tally) => string.Create(
        CultureInfo.InvariantCulture,
        $"{tally.Statistics.Runs:N0} of {tally.Wanted:N0} seeds, {tally.SeedsPerSecond:0.0} a second, {Left(tally)}, {tally.Findings.Length} failed");

    /// <summary>All that was covered.</summary>
    public static string Total(Tally tally)
    {
        var s = tally.Statistics;
        (string What, string Much)[] rows =
        [
            ("virtual days", Number(s.VirtualTime.TotalDays)),
            ("steps", Number(s.Steps)),
            ("messages", Number(s.Messages)),
            ("crashes, stalls and restarts of silos", Number(s.Disturbances)),
            ("faults of all kinds", Number(s.Faults)),
            ("events of the network that came again", Number(s.RepeatedEvents)),
            ("messages that were uncertain", Number(s.Uncertain)),
            ("hand-overs of those that doubled one", Number(s.Doubled)),
            ("writes refused by the fence", Number(s.RefusedByFence)),
            ("webhook tries", Number(s.WebhookTries)),
        ];
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{s.Runs:N0} seeds from {tally.From} on {tally.Threads} threads in {tally.Elapsed:hh\\:mm\\:ss}, {tally.SeedsPerSecond:0.0} a second, digest {tally.Digest:x16}: {tally.Findings.Length} failed\n");
        foreach (var (what, much) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {what,-40}{much,16}\n");
        }

        return text.ToString();
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Left(Tally tally) => tally.Left is not { } time ? "none has ended yet"
        : time.TotalSeconds < 90 ? string.Create(CultureInfo.InvariantCulture, $"about {time.TotalSeconds:0} s left")
        : string.Create(CultureInfo.InvariantCulture, $"about {time.TotalMinutes:0} min left");
}

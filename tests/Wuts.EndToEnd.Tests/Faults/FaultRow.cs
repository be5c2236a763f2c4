using System.Globalization;

namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>What became of a run.</summary>
/// <param name="Accepted">Messages that a client was told are accepted.</param>
/// <param name="Lost">Of these, those that have no row or no end.</param>
/// <param name="Duplicated">Hand-overs beyond the first of a message that was never flagged uncertain.</param>
/// <param name="Uncertain">Messages whose outcome was unknown for some time.</param>
/// <param name="Violations">What the checker found, these two included.</param>
/// <param name="Recovered">The longest time from the end of a disturbance to the next acceptance.</param>
/// <param name="Resumed">The longest time from the end of a disturbance to the next hand-over of a device.</param>
/// <param name="LongestStall">The longest that a client waited for its answer, over all repetitions.</param>
/// <param name="Failed">Requests that failed, by what the client saw.</param>
/// <param name="Calm">From the last disturbance or request to the last webhook.</param>
internal sealed record FaultRow(
    string Fault, string Database, int Accepted, int Lost, int Duplicated, int Uncertain, int Violations, TimeSpan Recovered, TimeSpan Resumed,
    TimeSpan LongestStall, TimeSpan Calm, string Failed)
{
    public const string Header =
        "| fault | database | accepted | lost | duplicated | uncertain | violations | answers again after | every device sends again after | longest stall of a client | calm after | failed requests |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|---|";

    public override string ToString() =>
        $"| {Fault} | {Database} | {Accepted} | {Lost} | {Duplicated} | {Uncertain} | {Violations} | {Seconds(Recovered)} | {Seconds(Resumed)} | {Seconds(LongestStall)} | {Seconds(Calm)} | {Failed} |";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);
}

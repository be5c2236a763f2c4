using System.Globalization;

namespace Wuts.Testing.Checking.Rules;

/// <summary>A device hands over no more in any window than its ceiling allows, and no more to a chat; also where it moves between silos.</summary>
/// <remarks>What counts is when it began to hand over: the network may take long, and then two at once.</remarks>
internal static class PaceHolds
{
    public static IEnumerable<Violation> Check(Facts facts)
    {
        var devices = facts.History.HandOvers.OrderBy(h => h.Began).ToLookup(h => (h.TenantId, h.DeviceId));
        return
            from ceiling in facts.History.PaceCeilings
            let sent = devices[(ceiling.TenantId, ceiling.DeviceId)].Where(h => h.Began >= ceiling.From && !(h.Began > ceiling.Until))
            from window in sent.GroupBy(h => ceiling.PerChat ? h.Chat : "")
            let excess = RateBound.FindFirst([.. window], h => h.Began, ceiling.PerSecond, ceiling.Burst, facts.History.ClockTolerance)
            where excess is not null
            select new Violation(Invariant.PaceHolds, excess.Last.MessageId, Explain(facts, ceiling, excess));
    }

    private static string Explain(Facts facts, PaceCeiling ceiling, RateBound.Excess<HandOver> excess) => string.Create(CultureInfo.InvariantCulture,
        $"{ceiling.TenantId}/{ceiling.DeviceId} handed over {excess.Count} messages{(ceiling.PerChat ? $" to {excess.Last.Chat}" : "")} in {excess.Time.TotalSeconds:0.000} s, "
        + $"from {excess.First.MessageId} at {facts.Show(excess.First.Began)} to {excess.Last.MessageId} at {facts.Show(excess.Last.Began)}; "
        + $"{ceiling.PerSecond:0.###} a second and {ceiling.Burst:0.###} at once allow {excess.Most:0.##}.");
}

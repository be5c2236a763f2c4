namespace Wuts.Testing.Checking.Rules;

/// <summary>A device hands over one message at a time.</summary>
/// <remarks>
/// An attempt of unknown outcome may still be under way when the next begins; so may one whose activation was lost, even if a
/// receipt settled it before it was ever uncertain.
/// </remarks>
internal static class OneAtATime
{
    public static IEnumerable<Violation> Check(Facts facts)
    {
        foreach (var device in facts.History.HandOvers.GroupBy(h => (h.TenantId, h.DeviceId)))
        {
            var open = new List<HandOver>();
            foreach (var next in device.OrderBy(h => h.Began))
            {
                open.RemoveAll(h => !facts.IsBefore(next.Began, h.Until!.Value));
                if (open.Find(h => !IsExplained(facts, h, next)) is { } other)
                {
                    yield return new Violation(
                        Invariant.OneAtATime,
                        next.MessageId,
                        $"{next.MessageId} was being handed over from {facts.Show(next.Began)}, while {other.MessageId} was until {facts.Show(other.Until!.Value)}.");
                }

                if (next.Until is not null)
                {
                    open.Add(next);
                }
            }
        }
    }

    private static bool IsExplained(Facts facts, HandOver first, HandOver second) =>
        first.MessageId == second.MessageId // that is a question of how often, not of how many
        || WasUncertain(facts, first)
        || WasUncertain(facts, second)
        || facts.History.Disturbances.Any(d => d.At <= second.Began && (d.Until ?? d.At) >= first.Began);

    private static bool WasUncertain(Facts facts, HandOver handOver) => facts.Row(handOver.MessageId) is { WasUncertain: true };
}

using Wuts.Domain.Delivery;

namespace Wuts.Testing.Checking.Rules;

/// <summary>The network takes each message at most once, but for attempts whose outcome was unknown; and nothing that nobody accepted.</summary>
internal static class NoneDoubled
{
    public static IEnumerable<Violation> Check(Facts facts) =>
        [.. Strangers(facts), .. TooOften(facts), .. TooMany(facts)];

    private static IEnumerable<Violation> Strangers(Facts facts)
    {
        foreach (var taken in facts.History.HandOvers)
        {
            var (at, id) = (facts.Show(taken.At), taken.MessageId);
            if (facts.Row(id) is not { } row)
            {
                yield return Broken(id, $"{id} was handed over at {at}, and no row has that id.");
            }
            else if ((taken.TenantId, taken.DeviceId, taken.Chat) != (row.TenantId, row.DeviceId, row.Chat))
            {
                yield return Broken(
                    id,
                    $"{id} was handed over at {at} by {taken.TenantId}/{taken.DeviceId} to {taken.Chat}, and was accepted for {row.TenantId}/{row.DeviceId} to {row.Chat}.");
            }
        }
    }

    private static IEnumerable<Violation> TooOften(Facts facts) =>
        from row in facts.History.Messages
        let times = facts.HandOversOf(row.Id).Count()
        let most = MostOf(row)
        where times > most
        select Broken(
            row.Id,
            $"{row.Id} was handed over {times} times ({string.Join(", ", facts.HandOversOf(row.Id).Select(t => facts.Show(t.HandOver.At)))}); its attempts explain {most}.");

    private static IEnumerable<Violation> TooMany(Facts facts)
    {
        var repeated = facts.History.Messages.Sum(row => Math.Max(0, facts.HandOversOf(row.Id).Count() - 1));
        if (repeated > facts.History.MostRepeatedHandOvers)
        {
            yield return Broken(null, $"{repeated} hand-overs repeat an earlier one; what was in flight at the disturbances explains {facts.History.MostRepeatedHandOvers}.");
        }
    }

    // An attempt that the network refused did not leave. Of the others only the last may have left without ever having been
    // uncertain: for the ones before it, being uncertain is the only way to another attempt.
    private static int MostOf(StoredMessage row)
    {
        if (!row.WasUncertain)
        {
            return 1;
        }

        if (row.Timeline.All(e => e.Kind != TimelineKind.Claimed))
        {
            return int.MaxValue; // only the end is known
        }

        var refused = row.Timeline
            .Where(e => e.Kind == TimelineKind.RetryScheduled || e is { Kind: TimelineKind.Failed, Source: TimelineSource.Device })
            .Select(e => e.Attempt)
            .ToHashSet();
        var claimed = Attempts(TimelineKind.Claimed);
        var uncertain = Attempts(TimelineKind.Uncertain);
        return Math.Min(uncertain + 1, Math.Max(claimed, 1));

        int Attempts(TimelineKind kind) => row.Timeline.Where(e => e.Kind == kind && !refused.Contains(e.Attempt)).Select(e => e.Attempt).Distinct().Count();
    }

    private static Violation Broken(string? id, string explanation) => new(Invariant.NoneDoubled, id, explanation);
}

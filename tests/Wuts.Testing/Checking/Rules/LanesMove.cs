using System.Globalization;

namespace Wuts.Testing.Checking.Rules;

/// <summary>While a lane has something to send, it gets its floor of all that its device sends, over any time, less a few.</summary>
internal static class LanesMove
{
    // A lane with the smallest part has its turn somewhere in each round, and another activation may begin a round anew.
    private const double Slack = 3;
    private const double Rounding = 1e-9;

    public static IEnumerable<Violation> Check(Facts facts)
    {
        var devices = facts.History.HandOvers.OrderBy(h => h.Began).ToLookup(h => (h.TenantId, h.DeviceId));
        foreach (var backlog in facts.History.LaneBacklogs)
        {
            var sent = devices[(backlog.TenantId, backlog.DeviceId)].Where(h => h.Began >= backlog.From && h.Began <= backlog.Until);
            if (FindStarved(facts, backlog, sent) is { } last)
            {
                yield return new(Invariant.LanesMove, last.MessageId, string.Create(CultureInfo.InvariantCulture,
                    $"{backlog.Lane} of {backlog.TenantId}/{backlog.DeviceId} had something to send from {facts.Show(backlog.From)} to {facts.Show(backlog.Until)}, "
                    + $"and by {facts.Show(last.Began)} it was more than {Slack} messages short of {backlog.Floor:0.##%} of what left."));
            }
        }
    }

    private static HandOver? FindStarved(Facts facts, LaneBacklog backlog, IEnumerable<HandOver> sent)
    {
        var (owed, least) = (0.0, 0.0);
        foreach (var next in sent)
        {
            owed += backlog.Floor - (facts.Row(next.MessageId) is { } row && backlog.Categories.Contains(row.Category) ? 1 : 0);
            if (owed - least > Slack + Rounding)
            {
                return next;
            }

            least = Math.Min(least, owed);
        }

        return null;
    }
}

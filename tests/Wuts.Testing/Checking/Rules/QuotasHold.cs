using System.Globalization;

namespace Wuts.Testing.Checking.Rules;

/// <summary>A tenant has no more accepted than a quota allows, and is told that a quota is used up only when it is.</summary>
/// <remarks>
/// An acceptance counts at the time that its row has. Without a row it is some time between question and answer, and only what is
/// sure is held against the quota.
/// </remarks>
internal static class QuotasHold
{
    // Whoever had no answer by then was not accepted any more.
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(10);

    public static IEnumerable<Violation> Check(Facts facts) =>
        from quota in facts.History.Quotas
        let counted = Counted(facts, quota).ToArray()
        from violation in (IEnumerable<Violation>)[.. TooMany(facts, quota, counted), .. RefusedTooSoon(facts, quota)]
        select violation;

    private static IEnumerable<Violation> TooMany(Facts facts, TenantQuota quota, Accepted[] accepted)
    {
        if ((quota.Window is null ? FullDay(quota, accepted) : FullWindow(facts, quota, accepted)) is { } full)
        {
            yield return Broken(full[^1].MessageId, string.Create(CultureInfo.InvariantCulture,
                $"{full.Length} messages of {quota.TenantId} were accepted from {facts.Show(full[0].From)} to {facts.Show(full[^1].Until)}; {Name(quota)}."));
        }
    }

    private static Accepted[]? FullDay(TenantQuota quota, Accepted[] accepted) => accepted
        .Where(a => a.From.UtcDateTime.Date == a.Until.UtcDateTime.Date)
        .GroupBy(a => a.From.UtcDateTime.Date)
        .Where(day => day.Count() > quota.Most)
        .Select(day => day.OrderBy(a => a.Until).Take(quota.Most + 1).ToArray())
        .FirstOrDefault();

    // A window that begins with one of them holds those that surely came later and surely before its end. From the last beginning to
    // the first the ends come ever earlier, so what is beyond one end is beyond all that follow.
    private static Accepted[]? FullWindow(Facts facts, TenantQuota quota, Accepted[] accepted)
    {
        Accepted[]? first = null;
        var within = new PriorityQueue<Accepted, long>();
        foreach (var begin in accepted.OrderByDescending(a => a.From))
        {
            var end = begin.From + quota.Window!.Value - facts.History.ClockTolerance;
            within.Enqueue(begin, -begin.Until.UtcTicks);
            while (within.Count > 0 && within.Peek().Until >= end)
            {
                within.Dequeue();
            }

            first = within.Count > quota.Most ? [.. within.UnorderedItems.Select(i => i.Element).OrderBy(a => a.Until).Take(quota.Most + 1)] : first;
        }

        return first;
    }

    private static IEnumerable<Violation> RefusedTooSoon(Facts facts, TenantQuota quota)
    {
        foreach (var request in facts.History.Requests)
        {
            if (request.TenantId == quota.TenantId
                && request.Answer is ClientAnswer.Refused refused
                && refused.ViolatedPolicies.Contains(quota.Policy)
                && request.AnsweredAt is { } answered
                && IsInForce(quota, request.AskedAt, answered)
                && MostUsed(facts, quota, request, answered) is { } most
                && most < quota.Most)
            {
                yield return Broken(refused.MessageId, string.Create(CultureInfo.InvariantCulture,
                    $"{quota.TenantId} asked at {facts.Show(request.AskedAt)} and was refused by {quota.Policy}, when {most} at most had been accepted; {Name(quota)}."));
            }
        }
    }

    // All that may have been counted at a refusal; null where its day is not sure.
    private static int? MostUsed(Facts facts, TenantQuota quota, ClientRequest refused, DateTimeOffset answered)
    {
        var asked = refused.AskedAt - facts.History.ClockTolerance;
        answered += facts.History.ClockTolerance;
        if (quota.Window is null && asked.UtcDateTime.Date != answered.UtcDateTime.Date)
        {
            return null;
        }

        var since = quota.Window is { } window ? asked - window : new DateTimeOffset(asked.UtcDateTime.Date, TimeSpan.Zero);
        var stored = facts.History.Messages.Count(row => row.TenantId == quota.TenantId && row.AcceptedAt >= since && FirstCounted(facts, row) <= answered);
        var unknown = facts.History.Requests.Count(r => r.TenantId == quota.TenantId
            && !(r.Answer is ClientAnswer.Accepted && facts.Row(r.NamedMessage!) is not null)
            && !ReferenceEquals(r, refused)
            && r.AskedAt <= answered
            && (r.AnsweredAt ?? (r.AskedAt + LongestCall)) >= (IsRefusedByQuota(r) ? asked : since));
        return stored + unknown;
    }

    // Until it was refused it may have counted: what is admitted and not stored by those who then lose their silo is admitted anew, or refused.
    private static bool IsRefusedByQuota(ClientRequest request) => request.Answer is ClientAnswer.Refused { ViolatedPolicies.IsEmpty: false };

    // It is counted before it is accepted, and its device may hear of that late.
    private static DateTimeOffset FirstCounted(Facts facts, StoredMessage row) =>
        facts.RequestsOf(row.Id).Select(r => r.AskedAt).Append(row.AcceptedAt).Min();

    private static IEnumerable<Accepted> Counted(Facts facts, TenantQuota quota) =>
        from request in facts.History.Requests
        where request.TenantId == quota.TenantId && request.Answer is ClientAnswer.Accepted
        group request by request.NamedMessage! into message
        let row = facts.Row(message.Key)
        let accepted = row is not null
            ? new Accepted(message.Key, row.AcceptedAt, row.AcceptedAt)
            : new Accepted(message.Key, facts.RequestsOf(message.Key).Min(r => r.AskedAt), message.Min(r => r.AnsweredAt) ?? DateTimeOffset.MaxValue)
        where IsInForce(quota, accepted.From, accepted.Until)
        select accepted;

    private static bool IsInForce(TenantQuota quota, DateTimeOffset from, DateTimeOffset until) => !(from < quota.From) && !(until > quota.Until);

    private static string Name(TenantQuota quota) => string.Create(CultureInfo.InvariantCulture,
        $"{quota.Policy} allows {quota.Most} {(quota.Window is { } window ? $"in {window.TotalSeconds:0.###} s" : "a day")}");

    private static Violation Broken(string? id, string explanation) => new(Invariant.QuotasHold, id, explanation);

    /// <summary>A message that was accepted, some time from one to another, both included.</summary>
    private sealed record Accepted(string MessageId, DateTimeOffset From, DateTimeOffset Until);
}

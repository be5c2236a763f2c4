using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Quotas;

namespace Wuts.Domain.Tests.Quotas;

public sealed class TenantQuotaTests
{
    private static readonly DateTimeOffset T0 = Samples.T0; // noon
    private static readonly TenantUsage Unused = new(0, [], [], [], ImmutableDictionary<string, int>.Empty);
    private int _ids;

    [Fact]
    public void All_policies_count_or_none()
    {
        var quota = Of(new() { MessagesPerSecond = 2, MessagesPerDay = 3 });

        Assert.Equal([("rate", 1L), ("daily", 2L)], Left(Granted(quota)));
        Assert.Equal([("rate", 0L), ("daily", 1L)], Left(Granted(quota)));
        var refused = Refused(quota);
        Assert.Equal(["rate"], refused.Violated.AsEnumerable());
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.Equal([("rate", 0L), ("daily", 1L)], Left(refused));

        Assert.Equal([("rate", 1L), ("daily", 0L)], Left(Granted(quota, T0.AddSeconds(1))));
        Assert.Equal(["daily"], Refused(quota, T0.AddSeconds(1)).Violated.AsEnumerable());
    }

    [Fact]
    public void A_refusal_names_the_one_that_takes_longest_first()
    {
        var quota = Of(new() { MessagesPerSecond = 1, MessagesPerDay = 1, QueueDepth = 1 });
        Granted(quota);

        var refused = Refused(quota);

        Assert.Equal(["daily", "queue-depth", "rate"], refused.Violated.AsEnumerable());
        Assert.Equal(TimeSpan.FromHours(12), refused.RetryAfter);
    }

    [Fact]
    public void A_day_begins_at_midnight_in_UTC()
    {
        var midnight = T0.AddHours(12);
        var quota = Of(new() { MessagesPerDay = 1, NewRecipientsPerDay = 1 });
        Granted(quota, midnight.AddTicks(-2));
        Assert.Equal(TimeSpan.FromTicks(1), Refused(quota, midnight.AddTicks(-1)).RetryAfter);

        Assert.Equal([("daily", 0L), ("new-recipients", 0L)], Left(Granted(quota, midnight, chat: "another")));
        Assert.Equal(midnight.AddDays(1), Refused(quota, midnight).Quota.Policies[0].ResetsAt);
    }

    [Fact]
    public void A_message_is_counted_once_however_often_it_is_asked_for()
    {
        var quota = Of(new() { MessagesPerDay = 2 });

        Assert.True(Granted(quota, id: "m1").Charged);
        var again = Granted(quota, T0.AddSeconds(20), "m1");
        Assert.Equal((false, (DateTimeOffset?)T0), (again.Charged, again.CountedAt)); // it is accepted as of when it was counted
        Granted(quota, T0.AddSeconds(20), "m2");
        Assert.False(Granted(quota, T0.AddSeconds(20), "m1").Charged);
        Refused(quota, T0.AddSeconds(20));
    }

    [Fact]
    public void What_is_given_back_was_never_counted()
    {
        var quota = Of(new() { MessagesPerSecond = 1, MessagesPerDay = 1, NewRecipientsPerDay = 1 });
        Granted(quota, id: "m1");

        Assert.Equal([1L, 1L, 1L], quota.GiveBack("m1", T0).Policies.Select(policy => policy.Remaining));
        Assert.Equal([1L, 1L, 1L], quota.GiveBack("m1", T0).Policies.Select(policy => policy.Remaining));
        Assert.True(Granted(quota, id: "m1").Charged);
    }

    [Fact]
    public void A_recipient_counts_once_a_day_and_only_if_it_is_new()
    {
        var quota = Of(new() { NewRecipientsPerDay = 1 });
        Granted(quota, chat: "old", isNew: false);
        Granted(quota, chat: "a");

        Assert.False(quota.AsksOf("a", T0));
        Granted(quota, chat: "a");
        Granted(quota, chat: "old", isNew: false);
        Assert.Equal(["new-recipients"], Refused(quota, chat: "b").Violated.AsEnumerable());

        // Of yesterday's last moments the database may know nothing yet.
        Assert.False(quota.AsksOf("a", T0.AddHours(12)));
        Granted(quota, T0.AddHours(12), chat: "b");
        Granted(quota, T0.AddHours(12), chat: "a");
    }

    [Fact]
    public void A_recipient_of_two_messages_is_given_back_with_the_second()
    {
        var quota = Of(new() { NewRecipientsPerDay = 1 });
        Granted(quota, id: "m1", chat: "a");
        Granted(quota, id: "m2", chat: "a");

        quota.GiveBack("m1", T0);
        Refused(quota, chat: "b");
        quota.GiveBack("m2", T0);
        Granted(quota, chat: "b");
    }

    [Fact]
    public void The_endpoint_is_told_once_a_minute_and_policy()
    {
        var quota = Of(new() { MessagesPerDay = 1 });
        Granted(quota);

        Assert.Equal(["daily"], Refused(quota).Tell.AsEnumerable());
        Assert.Empty(Refused(quota, T0.AddSeconds(59)).Tell);
        Assert.Equal(["daily"], Refused(quota, T0.AddSeconds(60)).Tell.AsEnumerable());
    }

    [Fact]
    public void Time_never_goes_back()
    {
        var quota = Of(new() { MessagesPerSecond = 1 });
        Granted(quota, T0.AddSeconds(5));

        Assert.Equal(T0.AddSeconds(5), Refused(quota, T0).Quota.At);
    }

    [Fact]
    public void Rebuilt_from_what_is_stored_it_goes_on_where_it_was() => Law.ForAll(
        from gaps in Gen.ArrayOf(Gen.Frequency((3, Gen.Choose(0, 400)), (1, Gen.Choose(400, 40_000))))
        from cut in Gen.Choose(0, 30)
        select (gaps, cut),
        run =>
        {
            var limits = new TenantLimits { MessagesPerSecond = 0.1m, Burst = 5, MessagesPerDay = 12, NewRecipientsPerDay = 4 };
            var (whole, rebuilt) = (Of(limits), Of(limits));
            var stored = new List<RecentAcceptance>();
            var now = T0;
            for (var n = 0; n < run.gaps.Length; n++)
            {
                now += TimeSpan.FromMilliseconds(run.gaps[n]);
                rebuilt = n == run.cut ? new(limits, Stored(stored, limits, now), now) : rebuilt;
                var request = Request($"m{n}", $"chat {n % 6}");
                var isNew = !stored.Exists(message => message.ChatJid == request.ChatJid);
                var admission = whole.Admit(request, isNew, now);
                Assert.Equal(Left(admission), Left(rebuilt.Admit(request, isNew, now)));
                if (admission is Admission.Granted)
                {
                    stored.Add(new(request.MessageId, request.ChatJid, now));
                }
            }
        });

    [Fact]
    public void Under_new_limits_what_is_admitted_and_not_stored_yet_goes_on_to_count()
    {
        var former = Of(new() { MessagesPerDay = 10 });
        Granted(former, id: "stored");
        Granted(former, id: "on its way");

        var quota = new TenantQuota(
            new() { MessagesPerDay = 3, MessagesPerSecond = 3 }, Unused with { Recent = [new("stored", "chat", T0)] }, T0, former);

        Assert.Equal([1L, 1L], quota.Look(T0).Policies.Select(policy => policy.Remaining));
        Assert.False(Granted(quota, id: "on its way").Charged);
    }

    private static TenantUsage Stored(List<RecentAcceptance> all, TenantLimits limits, DateTimeOffset now)
    {
        var since = UsageSince.Of(limits, now);
        return new(
            all.Count(message => message.At >= since.Day && message.At < since.Recent),
            [.. all.Where(message => message.At >= since.Recent)],
            [.. all.Select(message => message.At).Where(at => at >= since.Window && at < since.Recent).OrderDescending().Take(since.WindowLimit)],
            [.. all.Select(message => message.ChatJid).Distinct()],
            ImmutableDictionary<string, int>.Empty);
    }

    private static TenantQuota Of(TenantLimits limits) => new(limits, Unused, T0.AddSeconds(-1));

    private static AdmitRequest Request(string id, string chat) => new(id, chat, new("device", 1, 1, 0, [1]));

    private static IEnumerable<(string, long)> Left(Admission admission) => admission.Quota.Policies.Select(policy => (policy.Name, policy.Remaining));

    private Admission Ask(TenantQuota quota, DateTimeOffset? now, string? id, string chat, bool isNew) =>
        quota.Admit(Request(id ?? $"any {++_ids}", chat), isNew, now ?? T0);

    private Admission.Granted Granted(TenantQuota quota, DateTimeOffset? now = null, string? id = null, string chat = "chat", bool isNew = true) =>
        Assert.IsType<Admission.Granted>(Ask(quota, now, id, chat, isNew));

    private Admission.Refused Refused(TenantQuota quota, DateTimeOffset? now = null, string? id = null, string chat = "chat", bool isNew = true) =>
        Assert.IsType<Admission.Refused>(Ask(quota, now, id, chat, isNew));
}

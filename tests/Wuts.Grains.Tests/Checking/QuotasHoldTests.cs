using Wuts.Domain.Delivery;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class QuotasHoldTests
{
    // The story begins at ten in the morning; a message is accepted a tenth of a second after it was asked for.
    private const double Midnight = 14 * 3600;
    private static readonly TenantQuota TwoInTenSeconds = new("acme", "rate", 2, TimeSpan.FromSeconds(10));
    private static readonly TenantQuota TwoADay = new("acme", "daily", 2, null);

    [Fact]
    public void As_many_as_allowed_in_each_window_are_as_it_should_be() => Accepted(TwoInTenSeconds, 0, 9, 10, 19, 20).IsHealthy();

    [Fact]
    public void One_more_in_any_window_is_seen() => Accepted(TwoInTenSeconds, 0, 5, 11, 14, 15.5).BreaksOnly(Invariant.QuotasHold, "m3");

    [Fact]
    public void Another_tenant_has_its_own() => Accepted(TwoInTenSeconds with { TenantId = "other" }, 0, 1, 2).IsHealthy();

    [Fact]
    public void So_has_the_time_before_and_after_the_quota() =>
        Accepted(TwoInTenSeconds with { From = Story.At(1.5), Until = Story.At(3.5) }, 0, 1, 2, 3, 4, 5).IsHealthy();

    [Fact]
    public void A_repetition_is_not_another_acceptance() => Accepted(TwoInTenSeconds, 0, 1)
        .But(h => h with { Requests = [.. h.Requests.Select(r => r with { IdempotencyKey = r.NamedMessage }), .. h.Requests.Select(r => r with { IdempotencyKey = r.NamedMessage, AskedAt = Story.At(5) })] })
        .IsHealthy();

    [Fact]
    public void Without_rows_only_what_is_sure_counts() => Assert.DoesNotContain(Checker.Check(WithoutRows(answered: 10)), v => v.Invariant == Invariant.QuotasHold);

    [Fact]
    public void Which_is_what_was_asked_and_answered_within_one_window() =>
        Assert.Contains(Checker.Check(WithoutRows(answered: 9.9)), v => v is { Invariant: Invariant.QuotasHold, MessageId: "m2" });

    [Fact]
    public void Clocks_that_are_apart_are_given_that_much() =>
        (Accepted(TwoInTenSeconds, 0, 5, 9.9) with { ClockTolerance = TimeSpan.FromSeconds(0.1) }).IsHealthy();

    [Fact]
    public void A_day_may_be_used_up_at_its_end_and_the_next_at_its_beginning() => Accepted(TwoADay, Midnight - 2, Midnight - 1, Midnight, Midnight + 1).IsHealthy();

    [Fact]
    public void And_no_more_on_one_day() => Accepted(TwoADay, 0, 3600, 7200).BreaksOnly(Invariant.QuotasHold, "m2");

    [Fact]
    public void Who_has_used_it_up_is_refused() => Accepted(TwoInTenSeconds, 0, 5).RefusedByQuota(9, "rate").IsHealthy();

    [Fact]
    public void And_who_has_not_is_not() => Accepted(TwoInTenSeconds, 0, 5).RefusedByQuota(10.5, "rate").BreaksOnly(Invariant.QuotasHold, (string?)null);

    [Fact]
    public void A_refusal_by_another_policy_says_nothing_of_this_one() => Accepted(TwoInTenSeconds, 0, 5).RefusedByQuota(10.5, "queue-depth").IsHealthy();

    [Fact]
    public void A_request_without_an_answer_may_have_been_counted() => Accepted(TwoInTenSeconds, 0, 5)
        .But(h => h with { Requests = h.Requests.Add(h.Requests[0] with { AskedAt = Story.At(8), AnsweredAt = null, Payload = "another", Answer = new ClientAnswer.None() }) })
        .RefusedByQuota(10.5, "rate")
        .IsHealthy();

    [Fact]
    public void So_was_one_whose_device_heard_of_it_late() => Accepted(TwoInTenSeconds, 0, 5, 8)
        .Row("m2", r => r with { AcceptedAt = Story.At(11.5) })
        .RefusedByQuota(10.5, "rate")
        .IsHealthy();

    [Fact]
    public void One_that_was_refused_was_not() => Accepted(TwoInTenSeconds, 0, 5).RefusedByQuota(9, "rate").RefusedByQuota(10.5, "rate").BreaksOnly(Invariant.QuotasHold, (string?)null);

    [Fact]
    public void But_until_it_was_refused_it_may_have_been() => Accepted(TwoInTenSeconds, 0, 5)
        .RefusedByQuota(9, "rate")
        .But(h => h with { Requests = h.Requests.SetItem(h.Requests.Length - 1, h.Requests[^1] with { AnsweredAt = Story.At(10.6) }) })
        .RefusedByQuota(10.5, "rate")
        .RefusedByQuota(11.1, "rate")
        .BreaksOnly(Invariant.QuotasHold, (string?)null);

    [Fact]
    public void A_day_that_is_used_up_refuses_until_midnight() => Accepted(TwoADay, 0, 5).RefusedByQuota(Midnight - 1, "daily").IsHealthy();

    [Fact]
    public void And_not_after() => Accepted(TwoADay, 0, 5).RefusedByQuota(Midnight + 1, "daily").BreaksOnly(Invariant.QuotasHold, (string?)null);

    [Fact]
    public void At_midnight_nobody_can_tell() => Accepted(TwoADay, 0, 5).RefusedByQuota(Midnight - 0.1, "daily").IsHealthy();

    private static History Accepted(TenantQuota quota, params double[] asked) => asked
        .Select((at, i) => (At: at, Id: $"m{i}"))
        .Aggregate(new Story(), (story, message) => story.Message(message.Id, message.At))
        .But(h => h with { Quotas = [quota] });

    // Three that were asked for from 0 to 0.2, the last of them answered then.
    private static History WithoutRows(double answered) => Accepted(TwoInTenSeconds, 0, 0.1, 0.2)
        .But(h => h.Request("m2", r => r with { AnsweredAt = Story.At(answered), Answer = new ClientAnswer.Accepted("m2", MessageState.Queued) }) with { Messages = [] });
}

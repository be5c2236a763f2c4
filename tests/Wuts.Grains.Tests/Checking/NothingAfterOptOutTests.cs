using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class NothingAfterOptOutTests
{
    // Accepted at 0.1, claimed at 0.2 as commit 20, handed over from 0.3.
    private static readonly History One = new Story().Message("a").But(h => h with { Claims = [Claim("a", 0.2, 20)] });

    [Fact]
    public void What_was_claimed_before_the_opt_out_may_leave_after_it() => Said(ConsentMark.OptedOut, 0.25, 21).IsHealthy();

    [Fact]
    public void What_was_claimed_after_it_may_not() => Said(ConsentMark.OptedOut, 0.15, 19).BreaksOnly(Invariant.NothingAfterOptOut, "a");

    [Theory]
    [InlineData(19, false)]
    [InlineData(20, true)] // in the same transaction: neither was first
    [InlineData(21, true)]
    public void At_the_same_instant_the_order_of_the_commits_counts(long place, bool healthy) => IsHealthy(Said(ConsentMark.OptedOut, 0.2, place), healthy);

    [Fact]
    public void An_opt_out_of_another_tenant_or_recipient_is_nothing_to_it() => (One with
    {
        ConsentChanges = [new(Story.At(0), "other", Story.Chat, ConsentMark.OptedOut, 1), new(Story.At(0), "acme", Story.OtherChat, ConsentMark.OptedOut, 2)],
    }).IsHealthy();

    [Theory]
    [InlineData(ConsentMark.OptedIn)]
    [InlineData(ConsentMark.None)]
    public void Who_changes_their_mind_may_be_written_to_again(ConsentMark then) => (One with
    {
        ConsentChanges = [Change(ConsentMark.OptedOut, 0, 1), Change(then, 0.1, 2)],
    }).IsHealthy();

    [Fact]
    public void But_not_before() => (One with { ConsentChanges = [Change(ConsentMark.OptedOut, 0, 1), Change(ConsentMark.OptedIn, 0.3, 21)] })
        .BreaksOnly(Invariant.NothingAfterOptOut, "a");

    [Fact]
    public void A_retry_asks_again() => (new Story().Message("a", life: Story.Resent, left: [4.5]).But(h => h with
    {
        Claims = [Claim("a", 0.2, 20), Claim("a", 4, 40, attempt: 2)],
        ConsentChanges = [Change(ConsentMark.OptedOut, 3, 30)],
    })).BreaksOnly(Invariant.NothingAfterOptOut, "a");

    [Fact]
    public void What_leaves_without_a_claim_is_seen_too() => (Said(ConsentMark.OptedOut, 0.15, 19) with { Claims = [] }).BreaksOnly(Invariant.NothingAfterOptOut, "a");

    [Fact]
    public void A_claim_that_came_later_does_not_excuse_it() => (new Story().Message("a", life: Story.Doubted, left: [0.4]).But(h => h with
    {
        Claims = [Claim("a", 0.7, 30)],
        ConsentChanges = [Change(ConsentMark.OptedOut, 0.1, 10), Change(ConsentMark.OptedIn, 0.6, 20)],
    })).BreaksOnly(Invariant.NothingAfterOptOut, "a");

    [Theory]
    [InlineData(Category.Utility, true)]
    [InlineData(Category.Marketing, false)]
    public void Where_an_opt_in_is_needed_nobody_is_written_to_without_it(Category category, bool healthy) =>
        IsHealthy(NeedsOptIn(category), healthy);

    [Fact]
    public void With_it_they_are() => (NeedsOptIn(Category.Marketing) with { ConsentChanges = [Change(ConsentMark.OptedIn, 0.1, 10)] }).IsHealthy();

    [Fact]
    public void The_need_begins_when_it_is_committed() => (NeedsOptIn(Category.Marketing) with { ConsentRules = [new(Story.At(1), "acme", Category.Marketing, true, 21)] }).IsHealthy();

    [Fact]
    public void Groups_do_not_consent() => new Story().Message("a", chat: "551199999000-1@g.us")
        .But(h => h with { ConsentRules = [new(Story.At(0), "acme", Category.Utility, NeedsOptIn: true, 1)] }).IsHealthy();

    [Fact]
    public void The_answer_that_confirms_an_opt_out_may_leave() => Said(ConsentMark.OptedOut, 0, 1).Row("a", r => r with { ConsentExempt = true })
        .But(h => h with { Requests = [] }).IsHealthy();

    [Fact]
    public void Where_only_times_are_known_the_timeline_tells_of_the_claims() =>
        (new Story().Message("a").But(h => h with { ConsentChanges = [Change(ConsentMark.OptedOut, 0.1, null)] })).BreaksOnly(Invariant.NothingAfterOptOut, "a");

    [Fact]
    public void And_clocks_that_are_apart_are_given_that_much() => (new Story().Message("a").But(h => h with
    {
        ConsentChanges = [Change(ConsentMark.OptedOut, 0.1, null)],
        ClockTolerance = TimeSpan.FromSeconds(0.1),
    })).IsHealthy();

    [Fact]
    public void An_opt_in_that_may_have_been_committed_by_then_counts() => (new Story().Message("a").But(h => h with
    {
        ConsentChanges = [Change(ConsentMark.OptedOut, 0.1, null), Change(ConsentMark.OptedIn, 0.5, null) with { AskedAt = Story.At(0.15) }],
    })).IsHealthy();

    [Theory]
    [InlineData(2)] // in between
    [InlineData(0.5)] // it was so already
    public void What_was_said_and_acknowledged_holds(double committed) => Heard(Change(ConsentMark.OptedOut, committed, 30)).IsHealthy();

    [Fact]
    public void It_may_be_overtaken_by_another_word() =>
        Heard(Change(ConsentMark.OptedOut, 2, 30), Change(ConsentMark.OptedIn, 2.5, 31)).IsHealthy();

    [Theory]
    [InlineData(ConsentMark.OptedOut, 4)]
    [InlineData(ConsentMark.OptedIn, 2)]
    public void What_was_acknowledged_and_is_not_stored_by_then_is_seen(ConsentMark stored, double at) =>
        Heard(Change(stored, at, 30)).BreaksOnly(Invariant.NothingAfterOptOut, (string?)null);

    [Fact]
    public void A_word_that_comes_late_does_not_outweigh_one_that_was_said_after_it() => (Heard() with
    {
        ConsentWords = [new(Story.At(1), Story.At(3), "acme", Story.Chat, ConsentMark.OptedOut), new(Story.At(2), null, "acme", Story.Chat, ConsentMark.OptedIn)],
    }).IsHealthy();

    [Fact]
    public void So_is_what_was_never_stored() => Heard().BreaksOnly(Invariant.NothingAfterOptOut, (string?)null);

    [Fact]
    public void Who_has_opted_out_is_refused() => Refused(Change(ConsentMark.OptedOut, 0.05, 5)).IsHealthy();

    [Fact]
    public void So_is_who_did_not_opt_in() => (Refused() with { ConsentRules = [new(Story.At(0.05), "acme", Category.Utility, NeedsOptIn: true, 5)] }).IsHealthy();

    [Fact]
    public void An_opt_out_that_was_seen_may_be_over_when_the_refusal_is_stored() =>
        Refused(Change(ConsentMark.OptedOut, -1, 5), Change(ConsentMark.OptedIn, 0.05, 6)).IsHealthy();

    [Fact]
    public void But_nobody_is_refused_who_never_opted_out() => Refused().BreaksOnly(Invariant.NothingAfterOptOut, "a");

    [Fact]
    public void Nor_who_opted_in_again_before_it_was_asked() =>
        Refused(Change(ConsentMark.OptedOut, -2, 5), Change(ConsentMark.OptedIn, -1, 6)).BreaksOnly(Invariant.NothingAfterOptOut, "a");

    [Fact]
    public void Nor_for_an_opt_out_that_came_later() => Refused(Change(ConsentMark.OptedOut, 1, 11)).BreaksOnly(Invariant.NothingAfterOptOut, "a");

    [Fact]
    public void What_is_refused_does_not_leave() => Refused(Change(ConsentMark.OptedOut, 0.05, 5))
        .But(h => h with { HandOvers = [Story.TakenAt("a", 5)], Claims = null }).BreaksOnly(Invariant.NothingAfterOptOut, "a");

    [Fact]
    public void Unless_it_was_on_its_way_before() => (new Story().Message("a", life: Story.Doubted, left: [0.4]).But(h => h with
    {
        Claims = [Claim("a", 0.2, 20)],
        ConsentChanges = [Change(ConsentMark.OptedOut, 0.25, 21)],
        ConsentRefusals = [new(Story.At(2), "acme", Story.Chat, "a", Category.Utility, 30)],
    })).IsHealthy();

    // An opt-out, said at 1 and acknowledged at 3.
    private static History Heard(params ConsentChange[] changes) => One with
    {
        ConsentChanges = [.. changes],
        ConsentWords = [new(Story.At(1), Story.At(3), "acme", Story.Chat, ConsentMark.OptedOut)],
    };

    private static History Said(ConsentMark mark, double at, long place) => One with { ConsentChanges = [Change(mark, at, place)] };

    private static History NeedsOptIn(Category category) => One.Row("a", r => r with { Category = category }) with
    {
        Claims = [Claim("a", 0.2, 20) with { Category = category }],
        ConsentRules = [new(Story.At(0), "acme", Category.Marketing, NeedsOptIn: true, 1)],
    };

    // Accepted only to be refused, at 0.1 as commit 10.
    private static History Refused(params ConsentChange[] changes) => new Story().Message("a", left: []).But(h => h with
    {
        Messages = [h.Messages[0] with { State = MessageState.Rejected, Timeline = [h.Messages[0].Timeline[0]], States = [] }],
        Requests = [h.Requests[0] with { Answer = new ClientAnswer.Refused("RECIPIENT_OPTED_OUT", "a") }],
        Events = [],
        WebhookTries = [],
        Receipts = [],
        Claims = [],
        ConsentChanges = [.. changes],
        ConsentRefusals = [new(Story.At(0.1), "acme", Story.Chat, "a", Category.Utility, 10)],
    });

    private static Claim Claim(string id, double at, long? place, int attempt = 1) => new(Story.At(at), "acme", Story.Chat, id, Category.Utility, attempt, place);

    private static ConsentChange Change(ConsentMark mark, double at, long? place) => new(Story.At(at), "acme", Story.Chat, mark, place);

    private static void IsHealthy(History history, bool healthy)
    {
        if (healthy)
        {
            history.IsHealthy();
        }
        else
        {
            history.BreaksOnly(Invariant.NothingAfterOptOut, "a");
        }
    }
}

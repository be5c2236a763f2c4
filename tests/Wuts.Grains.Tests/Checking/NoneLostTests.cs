using Wuts.Domain.Delivery;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class NoneLostTests
{
    private static readonly Story Two = new Story().Message("a").Message("b", asked: 10);

    [Fact]
    public void Two_messages_that_arrived_are_as_it_should_be() => ((History)Two).IsHealthy();

    [Fact]
    public void A_message_of_no_known_outcome_may_stay_so_if_it_is_flagged() =>
        ((History)new Story().Message("a", life: [Story.Claimed(0.2), Story.Uncertain(1), Story.Overdue(9)], left: [])).IsHealthy();

    [Fact]
    public void A_message_that_failed_need_not_have_left() =>
        ((History)new Story().Message("a", life: [Story.Claimed(0.2), Story.Failed(1)], left: [])).IsHealthy();

    [Fact]
    public void Nor_is_anything_promised_by_a_refusal_or_by_no_answer() => Two
        .But(h => h with { Requests = [.. h.Requests, Ask(new ClientAnswer.Refused("DEVICE_NOT_READY")), Ask(new ClientAnswer.None())] })
        .IsHealthy();

    [Fact]
    public void An_accepted_message_without_a_row_is_lost() => Two
        .But(h => h with { Requests = h.Requests.Add(Ask(new ClientAnswer.Accepted("c", MessageState.Queued))) })
        .BreaksOnly(Invariant.NoneLost, "c");

    [Fact]
    public void However_often_it_was_accepted_it_is_told_once() => Two
        .But(h => h with { Requests = [.. h.Requests, .. Enumerable.Repeat(Ask(new ClientAnswer.Accepted("c", MessageState.Queued)) with { IdempotencyKey = "k" }, 9)] })
        .BreaksOnly(Invariant.NoneLost, "c");

    [Theory]
    [InlineData("other", Story.Chat, "d1")]
    [InlineData("acme", Story.OtherChat, "d1")]
    [InlineData("acme", Story.Chat, "d2")]
    public void A_row_that_is_not_what_was_asked_for_is_none(string tenant, string chat, string device) => Two
        .But(h => h with { Requests = [.. h.Requests, Ask(new ClientAnswer.None())] }) // which may have made the row
        .Request("a", r => r with { TenantId = tenant, Chat = chat, DeviceId = device })
        .BreaksOnly(Invariant.NoneLost, "a");

    [Fact]
    public void A_repetition_may_come_by_another_device() => new Story().Message("a", key: "k")
        .But(h => h with { Requests = h.Requests.Add(h.Requests[0] with { DeviceId = "d2" }) })
        .IsHealthy();

    [Theory]
    [InlineData(MessageState.Queued)]
    [InlineData(MessageState.Dispatching)]
    [InlineData(MessageState.Uncertain)]
    public void A_message_that_waits_when_all_is_done_is_lost(MessageState state) => Unfinished(state).BreaksOnly(Invariant.NoneLost, "a");

    [Theory]
    [InlineData(MessageState.Queued)]
    [InlineData(MessageState.Dispatching)]
    [InlineData(MessageState.Uncertain)]
    public void But_not_as_long_as_there_is_something_to_do(MessageState state) => Assert.Empty(Checker.CheckSoFar(Unfinished(state)));

    [Fact]
    public void A_sent_message_without_any_receipt_must_be_flagged()
    {
        var sent = new Story().Message("a", life: [Story.Claimed(0.2), Story.Sent(0.5)]);
        ((History)sent).BreaksOnly(Invariant.NoneLost, "a");
        sent.But(h => h.Row("a", r => r with { IsOverdue = true })).IsHealthy();
    }

    [Fact]
    public void What_is_delivered_must_have_left() =>
        ((History)new Story().Message("a", life: Story.Doubted, left: [])).BreaksOnly(Invariant.NoneLost, "a");

    [Fact]
    public void So_must_what_was_once_sent_by_its_timeline_or_by_its_states()
    {
        var failed = new Story().Message("a", life: [Story.Claimed(0.2), Story.Sent(1), Story.Failed(2, TimelineSource.Network)], left: []);
        failed.But(h => h.Row("a", r => r with { States = [] })).BreaksOnly(Invariant.NoneLost, "a");
        failed.But(h => h.Row("a", r => r with { Timeline = [] })).BreaksOnly(Invariant.NoneLost, "a");
    }

    [Fact]
    public void Or_by_nothing_but_its_end() => new Story().Message("a", life: Story.Doubted, left: [])
        .But(h => h.Row("a", r => r with { Timeline = [], States = [] }))
        .BreaksOnly(Invariant.NoneLost, "a");

    [Fact]
    public void An_answer_does_not_say_sent_of_what_never_left() => new Story()
        .Message("a", life: [Story.Claimed(0.2), Story.Failed(1, TimelineSource.Network)], left: [])
        .But(h => h.Request("a", r => r with { Answer = new ClientAnswer.Accepted("a", MessageState.Sent) }))
        .BreaksOnly(Invariant.NoneLost, "a");

    [Fact]
    public void An_answer_does_not_say_sent_before_it_is_so() => Two
        .But(h => h.Request("a", r => r with { AnsweredAt = Story.At(0.3) }))
        .BreaksOnly(Invariant.NoneLost, "a");

    [Fact]
    public void Clocks_that_are_apart_are_given_that_much() => Two
        .But(h => h.Request("a", r => r with { AnsweredAt = Story.At(0.3) }) with { ClockTolerance = TimeSpan.FromSeconds(0.1) })
        .IsHealthy();

    [Fact]
    public void A_message_may_be_said_to_be_sent_at_the_very_instant() => Two
        .But(h => h.Request("a", r => r with { AnsweredAt = Story.At(0.4) }))
        .IsHealthy();

    private static ClientRequest Ask(ClientAnswer answer) =>
        new("acme", "d1", Story.Chat, null, "one more", Story.At(20), answer is ClientAnswer.None ? null : Story.At(21), answer);

    private static History Unfinished(MessageState state) => new Story()
        .Message("a", life: state == MessageState.Uncertain ? [Story.Claimed(0.2), Story.Uncertain(1)] : state == MessageState.Dispatching ? [Story.Claimed(0.2)] : [], left: []);
}

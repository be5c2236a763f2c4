using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class ChatOrderTests
{
    private static readonly ImmutableArray<TimelineEntry> LeftUncertain = [Story.Claimed(0.2), Story.Uncertain(1), Story.Overdue(9)];

    [Fact]
    public void A_message_that_overtakes_another_of_its_chat_is_seen()
    {
        var two = Together().But(h => h.HandOver("a", t => t with { At = Story.At(30), From = null, Until = null }));
        two.BreaksOnly(Invariant.ChatOrder, "b");
    }

    [Fact]
    public void Other_chats_do_not_wait() => ((History)new Story()
        .Message("a", life: [Story.Claimed(5), Story.Sent(6), Story.Delivered(7)], left: [5.5])
        .Message("b", asked: 1, chat: Story.OtherChat)).IsHealthy();

    [Fact]
    public void Nor_is_there_anything_to_wait_for_where_a_message_never_leaves() => ((History)new Story()
        .Message("a", life: [Story.Claimed(0.2), Story.Failed(20)], left: [])
        .Message("b", asked: 1)).IsHealthy();

    [Fact]
    public void Clients_know_the_order_whatever_our_numbers_say() => new Story().Message("a").Message("b", asked: 10)
        .But(h => h.Row("a", r => r with { Position = 2 }).Row("b", r => r with { Position = 1 }).HandOver("a", t => t with { At = Story.At(30), From = null, Until = null })
            .Request("a", r => r with { Answer = new ClientAnswer.Accepted("a", MessageState.Queued) }))
        .BreaksOnly(Invariant.ChatOrder, "b");

    [Fact]
    public void An_answer_and_a_question_at_the_same_instant_are_in_order_if_the_place_was_taken_before() => Together()
        .But(h => Swapped(h, Story.At(10))).BreaksOnly(Invariant.ChatOrder, "b");

    [Fact]
    public void And_are_in_none_if_it_was_taken_then() => Together()
        .But(h => Swapped(h, Story.At(10)).Row("a", r => r with { AcceptedAt = Story.At(10), DueAt = Story.At(10) })).IsHealthy();

    [Fact]
    public void A_message_that_may_have_been_accepted_at_its_first_asking_is_judged_by_that() => new Story().Message("a").Message("b", asked: 10, key: "k")
        .But(h => Swapped(h, Story.At(5)))
        .But(h => h with { Requests = h.Requests.Add(h.Requests[1] with { AskedAt = Story.At(0), AnsweredAt = null, Answer = new ClientAnswer.None() }) })
        .IsHealthy();

    [Fact]
    public void A_retry_keeps_its_place() => ((History)new Story()
        .Message("a", life: [Story.Claimed(0.2), Story.Retry(1), Story.Claimed(20, 2), Story.Sent(21, 2), Story.Delivered(22, 2)], left: [20.5])
        .Message("b", asked: 10)).BreaksOnly(Invariant.ChatOrder, "b");

    [Fact]
    public void A_message_in_doubt_holds_its_chat() => ((History)new Story()
        .Message("a", life: [Story.Claimed(0.2), Story.Uncertain(1), Story.NotSent(15), Story.Claimed(16, 2), Story.Sent(17, 2), Story.Delivered(18, 2)], left: [16.5])
        .Message("b", asked: 10)).BreaksOnly(Invariant.ChatOrder, "b");

    [Fact]
    public void Until_it_is_given_up() => ((History)new Story().Message("a", life: LeftUncertain, left: [30]).Message("b", asked: 10)).IsHealthy();

    [Fact]
    public void And_not_before() => ((History)new Story().Message("a", life: LeftUncertain, left: [30]).Message("b", asked: 5))
        .BreaksOnly(Invariant.ChatOrder, "b");

    [Fact]
    public void A_later_message_in_doubt_still_comes_later() => ((History)new Story()
        .Message("a", life: [Story.Claimed(20), Story.Sent(21), Story.Delivered(22)], left: [20.5])
        .Message("b", asked: 10, life: Story.Resent, left: [0.4, 14])).BreaksOnly(Invariant.ChatOrder, "b");

    [Fact]
    public void Two_messages_of_a_chat_do_not_share_a_place() => new Story().Message("a").Message("b", asked: 10)
        .But(h => h.Row("b", r => r with { Position = 1 })).BreaksOnly(Invariant.ChatOrder, "b");

    private static Story Together() => new Story().Message("a", life: [Story.Claimed(0.2), Story.Sent(31), Story.Delivered(32)]).Message("b", asked: 10);

    // The second was handed over first, and our numbers agree with that: only the clients know better.
    private static History Swapped(History history, DateTimeOffset answered) => history
        .Row("a", r => r with { Position = 2 })
        .Row("b", r => r with { Position = 1 })
        .HandOver("a", t => t with { At = Story.At(30), From = null, Until = null })
        .Request("a", r => r with { AnsweredAt = answered, Answer = new ClientAnswer.Accepted("a", MessageState.Queued) });
}

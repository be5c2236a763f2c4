using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class NoneDoubledTests
{
    [Fact]
    public void A_message_of_unknown_outcome_may_be_taken_again_after_its_resend() =>
        ((History)new Story().Message("a", life: Story.Resent, left: [0.4, 4.5])).IsHealthy();

    [Fact]
    public void A_message_that_was_never_in_doubt_may_not() =>
        ((History)new Story().Message("a", left: [0.4, 1.5])).BreaksOnly(Invariant.NoneDoubled, "a");

    [Fact]
    public void Nor_may_one_that_was_in_doubt_only_after_a_blind_resend() => ((History)new Story()
        .Message("a", life: [Story.Claimed(0.2), Story.Retry(1), Story.Claimed(2, 2), Story.Uncertain(3, 2), Story.Sent(4, 2), Story.Delivered(5, 2)], left: [0.4, 2.5]))
        .BreaksOnly(Invariant.NoneDoubled, "a");

    [Fact]
    public void One_doubt_explains_two_hand_overs_and_not_three() =>
        ((History)new Story().Message("a", life: Story.Resent, left: [0.4, 4.5, 5.5])).BreaksOnly(Invariant.NoneDoubled, "a");

    [Fact]
    public void Nor_do_claims_explain_what_no_doubt_does() => ((History)new Story()
        .Message("a", life: [Story.Claimed(0.2), Story.Claimed(1, 2), Story.Claimed(2, 3), Story.Uncertain(3, 3), Story.Sent(4, 3), Story.Delivered(5, 3)], left: [0.4, 1.4, 2.4]))
        .BreaksOnly(Invariant.NoneDoubled, "a");

    [Fact]
    public void Two_at_the_same_time_are_doubled_and_nothing_else() =>
        ((History)new Story().Message("a", left: [0.4, 0.45])).BreaksOnly(Invariant.NoneDoubled, "a");

    [Fact]
    public void A_doubt_without_another_attempt_explains_none() =>
        ((History)new Story().Message("a", life: Story.Doubted, left: [0.4, 1.5])).BreaksOnly(Invariant.NoneDoubled, "a");

    [Fact]
    public void Where_only_the_end_is_known_any_doubt_will_do() => new Story().Message("a", life: Story.Doubted, left: [0.4, 1.5])
        .But(h => h.Row("a", r => r with { Timeline = [], States = [] }))
        .IsHealthy();

    [Fact]
    public void What_nobody_accepted_does_not_leave() => new Story().Message("a")
        .But(h => h with { HandOvers = h.HandOvers.Add(Story.TakenAt("stranger", 5)) })
        .BreaksOnly(Invariant.NoneDoubled, "stranger");

    [Theory]
    [InlineData("acme", "d1", Story.OtherChat)]
    [InlineData("acme", "d2", Story.Chat)]
    [InlineData("other", "d1", Story.Chat)]
    public void Nor_does_it_leave_by_another_door_than_it_was_accepted_for(string tenant, string device, string chat) => new Story().Message("a")
        .But(h => h.HandOver("a", t => t with { TenantId = tenant, DeviceId = device, Chat = chat }))
        .BreaksOnly(Invariant.NoneDoubled, "a");

    [Fact]
    public void All_doubled_messages_together_must_not_be_more_than_were_in_flight_at_the_crashes()
    {
        var two = new Story().Message("a", life: Story.Resent, left: [0.4, 4.5]).Message("b", asked: 10, life: Story.Resent, left: [0.4, 4.5]);
        two.But(h => h with { MostRepeatedHandOvers = 2 }).IsHealthy();
        two.But(h => h with { MostRepeatedHandOvers = 1 }).BreaksOnly(Invariant.NoneDoubled, [null]);
    }
}

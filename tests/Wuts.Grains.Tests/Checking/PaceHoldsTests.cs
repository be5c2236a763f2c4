using Wuts.Domain.Delivery;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class PaceHoldsTests
{
    [Fact]
    public void A_burst_and_then_the_rate_is_as_it_should_be() => Sent([0, 0.5, 1.5, 2.5, 3.5], perSecond: 1, burst: 1.5).IsHealthy();

    [Fact]
    public void One_too_many_in_some_window_is_seen_and_named() => Sent([0, 3, 4, 4.5, 9], perSecond: 1, burst: 1.4).BreaksOnly(Invariant.PaceHolds, "m3");

    [Fact]
    public void Also_where_no_two_of_them_are_too_close_to_each_other() =>
        Sent([0, 0.8, 1.6, 2.4, 3.2, 4.0, 4.8, 5.6], perSecond: 1, burst: 2).BreaksOnly(Invariant.PaceHolds, "m6");

    [Fact]
    public void A_pause_is_not_saved_up() => Sent([0, 60, 60.5, 61], perSecond: 1, burst: 1.5).BreaksOnly(Invariant.PaceHolds, "m3");

    [Fact]
    public void The_time_of_departure_counts_however_long_the_network_takes() => Sent([0, 1], perSecond: 1, burst: 1)
        .Request("m0", r => r with { Answer = new ClientAnswer.Accepted("m0", MessageState.Queued) })
        .HandOver("m0", h => h with { At = Story.At(1.28), Until = Story.At(1.3) })
        .IsHealthy();

    [Fact]
    public void Another_device_has_its_own() => Sent([0, 0.5], perSecond: 1, burst: 1)
        .But(h => h with { PaceCeilings = [h.PaceCeilings[0] with { DeviceId = "d2" }] }).IsHealthy();

    [Theory]
    [InlineData(0, 0.9)]
    [InlineData(1.1, 9)]
    public void Nothing_is_said_of_the_time_before_or_after_a_ceiling(double from, double until) => Sent([0, 0.5, 1, 1.5], perSecond: 0.1, burst: 2)
        .But(h => h with { PaceCeilings = [h.PaceCeilings[0] with { From = Story.At(from), Until = Story.At(until) }] }).IsHealthy();

    [Fact]
    public void A_chat_may_have_a_limit_of_its_own() => PerChat(Story.Chat).BreaksOnly(Invariant.PaceHolds, "m1");

    [Fact]
    public void Which_is_nothing_to_others() => PerChat(Story.OtherChat).IsHealthy();

    [Fact]
    public void Clocks_that_are_apart_are_given_that_much() =>
        (Sent([0, 0.9], perSecond: 1, burst: 1) with { ClockTolerance = TimeSpan.FromSeconds(0.1) }).IsHealthy();

    private static History PerChat(string chat) => new Story().Message("m0").Message("m1", asked: 1, chat: chat)
        .But(h => h with { PaceCeilings = [Ceiling(0.5, 1) with { PerChat = true }] });

    private static History Sent(double[] at, double perSecond, double burst) => at
        .Select((asked, i) => (asked, Id: $"m{i}"))
        .Aggregate(new Story(), (story, message) => story.Message(message.Id, message.asked))
        .But(h => h with { PaceCeilings = [Ceiling(perSecond, burst)] });

    private static PaceCeiling Ceiling(double perSecond, double burst) => new("acme", "d1", Story.At(0), null, perSecond, burst);
}

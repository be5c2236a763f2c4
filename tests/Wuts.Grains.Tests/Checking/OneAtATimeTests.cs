using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class OneAtATimeTests
{
    [Fact]
    public void The_next_hand_over_may_begin_as_the_last_one_ends() => Overlapping(0.5).IsHealthy();

    [Fact]
    public void And_not_before() => Overlapping(0.6).BreaksOnly(Invariant.OneAtATime, "b");

    [Fact]
    public void A_long_one_is_not_forgotten_over_a_short_one() => Together("d1", Story.Plain, third: true)
        .But(h => h.HandOver("a", t => t with { Until = Story.At(20) }).HandOver("b", t => t with { From = null, Until = Story.At(0.95) }).HandOver("c", t => t with { From = null }))
        .BreaksOnly(Invariant.OneAtATime, "b", "c");

    [Fact]
    public void Devices_do_not_wait_for_each_other() => Together("d2", Story.Plain)
        .But(h => h.HandOver("a", t => t with { Until = Story.At(0.6) }))
        .IsHealthy();

    [Fact]
    public void An_attempt_of_unknown_outcome_may_still_be_under_way() => Together("d1", Story.Doubted)
        .But(h => h.HandOver("a", t => t with { Until = Story.At(75) }))
        .IsHealthy();

    [Fact]
    public void Or_may_come_late_in_the_middle_of_another() => ((History)new Story()
        .Message("a").Message("b", asked: 0.1, life: Story.Doubted, chat: Story.OtherChat)).IsHealthy();

    [Fact]
    public void So_may_one_whose_activation_was_lost() =>
        (Overlapping(0.6) with { Disturbances = [new(Story.At(0.45), "kill -9")] }).IsHealthy();

    [Fact]
    public void A_crash_at_another_time_explains_nothing() =>
        (Overlapping(0.6) with { Disturbances = [new(Story.At(0.1), "kill -9"), new(Story.At(7), "kill -9")] }).BreaksOnly(Invariant.OneAtATime, "b");

    [Fact]
    public void Nothing_is_said_of_hand_overs_whose_end_is_not_known() => Overlapping(0.6)
        .HandOver("a", t => t with { Until = null })
        .IsHealthy();

    // The first is handed over from 0.3, the second from 0.5 and to another chat.
    private static History Overlapping(double until) => Together("d1", Story.Plain).But(h => h.HandOver("a", t => t with { Until = Story.At(until) }));

    private static Story Together(string device, ImmutableArray<TimelineEntry> first, bool third = false)
    {
        var story = new Story().Message("a", life: first).Message("b", asked: 0.2, chat: Story.OtherChat);
        story = third ? story.Message("c", asked: 0.7, chat: "5511999990003@s.whatsapp.net") : story;
        return story.With(h => h
            .Row("b", r => r with { DeviceId = device })
            .Request("b", r => r with { DeviceId = device })
            .HandOver("b", t => t with { DeviceId = device }) with { WatchedEndpoints = [] });
    }
}

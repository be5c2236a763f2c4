using Wuts.Domain.Sending;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class LanesMoveTests
{
    [Fact]
    public void A_lane_that_gets_its_floor_is_as_it_should_be() => Sent(count: 120, marketingEach: 20).IsHealthy();

    [Fact]
    public void It_may_be_a_few_short() => Sent(count: 60, marketingEach: 1000).IsHealthy();

    [Fact]
    public void And_no_more() => Sent(count: 61, marketingEach: 1000).BreaksOnly(Invariant.LanesMove, "m60");

    [Fact]
    public void What_it_got_before_is_not_held_against_it() => Sent(count: 100, marketingEach: 1000, before: 30).BreaksOnly(Invariant.LanesMove, "m90");

    [Fact]
    public void A_lane_with_nothing_to_send_is_not_starved() => Sent(count: 80, marketingEach: 1000).But(h => h with { LaneBacklogs = [] }).IsHealthy();

    [Fact]
    public void Nor_by_what_left_before_it_had_something() => Sent(count: 80, marketingEach: 1000)
        .But(h => h with { LaneBacklogs = [h.LaneBacklogs[0] with { From = Story.At(40) }] }).IsHealthy();

    [Fact]
    public void Nor_by_another_device() => Sent(count: 80, marketingEach: 1000)
        .But(h => h with { LaneBacklogs = [h.LaneBacklogs[0] with { DeviceId = "d2" }] }).IsHealthy();

    // One a second, of which every so manieth is marketing, after some that are nothing but marketing. There is always more of it.
    private static History Sent(int count, int marketingEach, int before = 0) => Enumerable.Range(0, count)
        .Aggregate(new Story(), (story, i) => story.Message($"m{i}", asked: i))
        .But(h => h with
        {
            Messages = [.. h.Messages.Select((row, i) => row with { Category = i < before || i % marketingEach == marketingEach - 1 ? Category.Marketing : Category.Utility })],
            LaneBacklogs = [new("acme", "d1", "marketing", [Category.Marketing], 0.05, Story.At(0), Story.At(count))],
        });
}

using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Simulation.Checking;
using Wuts.Simulation.Runner;
using Wuts.Simulation.Variants;
using Wuts.Testing.Checking;

namespace Wuts.Simulation.Tests;

public sealed class LaneWaitsTests
{
    [Fact]
    public void A_lane_has_something_to_send_from_when_a_client_knows_of_it_until_it_is_claimed() =>
        Assert.Equal([(1, 5)], Stretches([Row("a", claimed: 5)]));

    [Fact]
    public void What_is_not_due_cannot_leave() => Assert.Equal([(3, 5)], Stretches([Row("a", claimed: 5) with { DueAt = At(3) }]));

    [Fact]
    public void Nor_can_what_is_behind_another_one_of_its_chat() =>
        Assert.Equal([(1, 5), (6, 9)], Stretches([Row("a", claimed: 5, sent: 6), Row("b", claimed: 9) with { Position = 2 }]));

    [Fact]
    public void What_overlaps_is_one_stretch() => Assert.Equal([(1, 9)], Stretches([Row("a", claimed: 5), Row("b", claimed: 9) with { Chat = "2" }]));

    [Fact]
    public void A_chat_with_something_more_urgent_behind_competes_in_the_lane_of_that() => Assert.Equal(
        [(1, 3)],
        Stretches([
            Row("a", claimed: 5, sent: 6) with { Category = Category.Marketing },
            Row("b", claimed: 6) with { Position = 2, AcceptedAt = At(3), DueAt = At(3), Category = Category.Utility },
        ]));

    [Fact]
    public void With_something_less_urgent_it_stays_in_its_own() => Assert.Equal(
        [(1, 5)],
        Stretches([
            Row("a", claimed: 5, sent: 6),
            Row("b", claimed: 6) with { Position = 2, AcceptedAt = At(3), DueAt = At(3), Category = Category.Marketing },
        ]));

    [Fact]
    public void Which_ends_where_the_device_moves() => Assert.Equal([(1, 3)], Stretches([Row("a", claimed: 5)], new Disturbance(At(3), "moved")));

    [Fact]
    public void Lanes_and_devices_are_apart() => Assert.Equal(
        [(1, 5), (1, 6), (1, 7)],
        Stretches([Row("a", claimed: 5), Row("b", claimed: 6) with { Chat = "2", Category = Category.Marketing }, Row("c", claimed: 7) with { DeviceId = "d2" }]).Order());

    // The rule lets a lane be a few messages short, so it has nothing to say of fewer.
    [Fact]
    public void Some_worlds_keep_a_lane_waiting_while_more_leave_than_may_leave_without_it() => Assert.Contains(
        Enumerable.Range(1, 60),
        seed => new Replay(seed, new Variant()).Run().History is var history && history.LaneBacklogs.Any(lane => Departures(history, lane) > 60));

    private static int Departures(History history, LaneBacklog lane) =>
        history.HandOvers.Count(h => (h.TenantId, h.DeviceId) == (lane.TenantId, lane.DeviceId) && h.Began >= lane.From && h.Began <= lane.Until);

    private static IEnumerable<(double From, double Until)> Stretches(StoredMessage[] rows, params Disturbance[] moves) => LaneWaits
        .Of(rows, [.. rows.Select(row => new ClientRequest("acme", row.DeviceId, row.Chat, null, row.Id, At(0), At(1), new ClientAnswer.Accepted(row.Id, row.State)))], moves)
        .Select(lane => ((lane.From - At(0)).TotalSeconds, (lane.Until - At(0)).TotalSeconds));

    private static StoredMessage Row(string id, double claimed, double sent = 100) => new(
        "acme", "d1", id, "1", 1, At(0), At(0), MessageState.Sent, WasUncertain: false, IsOverdue: false,
        [new(At(claimed), TimelineKind.Claimed, TimelineSource.Device, 1), new(At(sent), TimelineKind.Sent, TimelineSource.Device, 1)],
        ImmutableArray<MessageState>.Empty);

    private static DateTimeOffset At(double seconds) => new DateTimeOffset(2030, 1, 1, 10, 0, 0, TimeSpan.Zero).AddSeconds(seconds);
}

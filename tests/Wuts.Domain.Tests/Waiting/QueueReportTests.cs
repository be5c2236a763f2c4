using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Domain.Waiting;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Waiting;

public sealed class QueueReportTests
{
    private static readonly DeviceSession Linked = DeviceSession.New(T0).Paired("5511999990001@s.whatsapp.net", "secret", T0).Connected(T0);
    private static readonly QueueFacts Ready = new() { Session = Linked };

    [Fact]
    public void An_empty_queue_waits_for_nothing()
    {
        var report = QueueReport.Of(OutboundQueue.Empty, Ready, T0);

        Assert.Equal((0, null, null, null), (report.Waiting, report.InFlight, report.OldestAcceptedAt, report.NextDepartureAt));
        Assert.Empty(report.Groups);
        Assert.All(report.Lanes, tally => Assert.Equal(0, tally.Waiting));
    }

    [Fact]
    public void Each_group_says_since_when_and_until_when()
    {
        var queue = OutboundQueue.Empty
            .Add(Message("typed", "a", Category.Marketing)).Begin("typed")
            .Add(Message("b1", "b", Category.Marketing)).Add(Message("b2", "b", Category.Authentication)).Add(Message("c", "c"))
            .Add(Message("d1", "d", dueIn: 60)).Add(Message("d2", "e", dueIn: 90))
            .Add(Message("r", "r")).Retry("r", T0.AddSeconds(40), attempts: 2)
            .Add(Message("u", "u")).HoldBack("u");
        var facts = Ready with
        {
            Typing = (T0.AddSeconds(-1), T0.AddSeconds(2)),
            Doubtful = new Dictionary<string, DateTimeOffset> { ["u"] = T0.AddSeconds(100) },
        };

        var report = QueueReport.Of(queue, facts, T0);

        Assert.Equal((8, "typed", T0.AddSeconds(-10), T0.AddSeconds(2)), (report.Waiting, report.InFlight, report.OldestAcceptedAt, report.NextDepartureAt));
        Assert.Equal([2, 5, 1], report.Lanes.Select(tally => tally.Waiting));
        Assert.Equal(
            [
                new(WaitReason.Delay, 2, T0.AddSeconds(-10), T0.AddSeconds(90), "2 messages wait for the delay that the sender asked for, the last until 2030-01-01 12:01:30 UTC."),
                new(WaitReason.Queue, 2, T0.AddSeconds(-5), T0.AddSeconds(6), "2 messages wait for a turn, the last until 2030-01-01 12:00:06 UTC."),
                new(WaitReason.Retry, 1, T0.AddSeconds(-10), T0.AddSeconds(40), "One message waits for the next attempt, after WhatsApp or a fault of ours stopped the last, until 2030-01-01 12:00:40 UTC."),
                new(WaitReason.ChatOrder, 1, T0.AddSeconds(-5), null, "One message waits for an earlier message of the same chat."),
                new(WaitReason.Typing, 1, T0.AddSeconds(-1), T0.AddSeconds(2), "One message waits for the end of the typing indicator, until 2030-01-01 12:00:02 UTC."),
                new(WaitReason.Uncertain, 1, T0.AddSeconds(-5), T0.AddSeconds(100), "One message waits for evidence whether WhatsApp took the hand-over, until 2030-01-01 12:01:40 UTC."),
            ],
            report.Groups.AsEnumerable());
    }

    [Fact]
    public void A_device_that_is_not_ready_holds_what_is_due_and_nobody_knows_the_next_departure()
    {
        var queue = OutboundQueue.Empty.Add(Message("a", "a")).Add(Message("b", "a")).Add(Message("later", "c", dueIn: 60));

        var report = QueueReport.Of(queue, Ready with { Session = Linked.LoggedOut(T0.AddSeconds(-2), "unlinked on the phone") }, T0);

        Assert.Null(report.NextDepartureAt);
        Assert.Equal(
            new(WaitReason.DeviceLoggedOut, 2, T0.AddSeconds(-2), null, "2 messages wait. The device is logged out (unlinked on the phone). It must be paired again."),
            report.Groups[0]);
        Assert.Equal(WaitReason.Delay, report.Groups[1].Reason);
    }

    [Fact]
    public void Nothing_is_due_before_the_next_departure()
    {
        var queue = OutboundQueue.Empty.Add(Message("later", "c", dueIn: 60));

        Assert.Equal(T0.AddSeconds(60), QueueReport.Of(queue, Ready, T0).NextDepartureAt);
        Assert.Equal(T0.AddSeconds(61), QueueReport.Of(queue, Ready, T0.AddSeconds(61)).NextDepartureAt);
        Assert.Null(QueueReport.Of(queue, Ready with { Draining = true }, T0).NextDepartureAt);
    }

    [Fact]
    public void What_the_number_holds_is_told_by_reason()
    {
        var queue = OutboundQueue.Empty
            .Add(Message("next", "a", Category.Marketing)).Add(Message("then", "b", Category.Marketing)).Add(Message("last", "c", Category.Marketing))
            .Add(Message("new", "d", dueIn: 3600) with { Hold = HoldReason.WarmUp }).Add(Message("newer", "e", dueIn: 7200) with { Hold = HoldReason.WarmUp })
            .Add(Message("stranger", "f", dueIn: 600) with { Hold = HoldReason.Restricted })
            .Add(Message("soon", "g", dueIn: 4));
        var facts = Ready with
        {
            Tempo = new()
            {
                All = new(new(T0.AddSeconds(20)), 0.1, TimeSpan.FromSeconds(10), PaceSignal.Quality), LastAt = T0.AddSeconds(-1), PairGap = TimeSpan.FromSeconds(9),
                Pairs = new Dictionary<string, Gcra> { ["g"] = new(T0.AddSeconds(7)) },
            },
        };

        var report = QueueReport.Of(queue, facts, T0);

        Assert.Equal((7, T0.AddSeconds(17)), (report.Waiting, report.NextDepartureAt)); // its typing is part of the gap
        Assert.Equal(
            [
                new(WaitReason.Queue, 2, T0.AddSeconds(-5), T0.AddSeconds(40), "2 messages wait for a turn, the last until 2030-01-01 12:00:40 UTC."),
                new(WaitReason.Pace, 2, T0.AddSeconds(-10), T0.AddSeconds(17), "2 messages wait for the number's pace, 6 messages a minute, the last until 2030-01-01 12:00:17 UTC."),
                new(WaitReason.WarmUp, 2, T0.AddSeconds(-10), T0.AddSeconds(7200), "2 messages wait for the day of a recipient who is new to the number, which is being warmed up, the last until 2030-01-01 14:00:00 UTC."),
                new(WaitReason.Restricted, 1, T0.AddSeconds(-10), T0.AddSeconds(600), "One message waits because WhatsApp does not let the number write to the recipient yet, until 2030-01-01 12:10:00 UTC."),
            ],
            report.Groups.AsEnumerable());
    }

    [Fact]
    public void What_waits_for_a_permit_is_in_flight_and_the_rest_waits_for_its_turn()
    {
        var queue = OutboundQueue.Empty.Add(Message("typed", "a")).Add(Message("next", "b")).Begin("typed");

        var report = QueueReport.Of(queue, Ready with { Permit = new(T0.AddSeconds(-2), T0.AddSeconds(1), ForPlace: false) }, T0);

        Assert.Equal(("typed", T0.AddSeconds(1)), (report.InFlight, report.NextDepartureAt));
        Assert.Equal(
            [
                new(WaitReason.Queue, 1, T0.AddSeconds(-5), T0.AddSeconds(3), "One message waits for a turn, until 2030-01-01 12:00:03 UTC."),
                new(WaitReason.Permit, 1, T0.AddSeconds(-2), T0.AddSeconds(1), "One message waits for a permit of the tenant's share, until 2030-01-01 12:00:01 UTC."),
            ],
            report.Groups.OrderBy(group => group.Reason));
        Assert.Equal(
            "One message waits for a place among those that are being handed over.",
            QueueReport.Of(queue, Ready with { Permit = new(T0, null, ForPlace: true) }, T0).Groups.Single(group => group.Reason == WaitReason.Permit).Sentence);
    }

    [Fact]
    public void Every_message_is_counted_once_in_each_count() => Law.ForAll(
        Gen.ArrayOf(
            from chat in Gen.Choose(0, 5)
            from category in Gen.Elements(Enum.GetValues<Category>())
            from dueIn in Gen.Choose(-5, 5)
            from admitted in Gen.Elements(true, true, false)
            select (chat, category, dueIn, admitted)),
        messages =>
        {
            var queue = messages.Index().Aggregate(OutboundQueue.Empty, (queue, m) =>
                Message($"m{m.Index}", $"c{m.Item.chat}", m.Item.category, m.Item.dueIn) with { Position = m.Index } is var message && m.Item.admitted
                    ? queue.Add(message)
                    : queue.Reserve(message));
            var report = QueueReport.Of(queue, Ready, T0);

            Assert.Equal(messages.Length, report.Waiting);
            Assert.Equal(messages.Length, report.Groups.Sum(group => group.Count));
            Assert.Equal(messages.Length, report.Lanes.Sum(tally => tally.Waiting));
            Assert.Equal(messages.Length, report.Categories.Sum(tally => tally.Waiting));
        },
        runs: 100);

    private static long s_position;

    private static QueuedMessage Message(string id, string chat, Category category = Category.Utility, int dueIn = -5) =>
        new(id, chat, ++s_position, T0.AddSeconds(dueIn), TimeSpan.FromSeconds(3), Category: category, AcceptedAt: T0.AddSeconds(-10));
}

using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Pacing;

public sealed class ReceiptWatchTests
{
    private static readonly PaceRules Rules = new()
    {
        CoolDown = TimeSpan.FromMinutes(1), ReceiptGrace = TimeSpan.FromMinutes(10), Sample = 100, LeastSample = 20, UndeliveredShare = 0.3,
        BlockedShare = 0.03, DisconnectsPerHour = 5, ThrottleWait = TimeSpan.FromSeconds(1), YellowShare = 0.5, RedShare = 0.1,
    };

    [Fact]
    public void A_message_counts_as_undelivered_only_when_it_is_old_enough_to_have_had_its_receipt()
    {
        var watch = Send(new(), 20);

        Assert.Empty(watch.Settled(T0.AddMinutes(9), Rules).Warnings(Rules));
        var warning = Assert.Single(watch.Settled(T0.AddMinutes(10), Rules).Warnings(Rules));
        Assert.Equal(new PaceWarning(PaceSignal.Undelivered, Category.Marketing, 1, 0.3), warning);
    }

    [Fact]
    public void A_late_receipt_sets_it_right()
    {
        var watch = Send(new(), 20).Settled(T0.AddMinutes(10), Rules);

        for (var i = 0; i < 20; i++)
        {
            watch = watch.Heard($"{i}", Fate.Delivered, Rules);
        }

        Assert.Equal((20, 0, 0), watch.Of(Category.Marketing));
        Assert.Empty(watch.Warnings(Rules));
    }

    [Fact]
    public void Only_the_last_messages_of_a_category_are_judged()
    {
        var watch = Hear(Send(new(), 100), 0, 100, Fate.Undelivered);
        Assert.Equal((100, 100, 0), watch.Of(Category.Marketing));

        watch = Hear(Send(watch, 100, from: 100), 100, 100, Fate.Delivered);

        Assert.Equal((100, 0, 0), watch.Of(Category.Marketing));
    }

    [Fact]
    public void A_few_blocks_are_too_many()
    {
        var watch = Hear(Hear(Send(new(), 100), 0, 97, Fate.Delivered), 97, 3, Fate.Blocked);

        Assert.Equal(PaceSignal.Blocked, Assert.Single(watch.Warnings(Rules)).Signal);
    }

    [Fact]
    public void What_was_acted_on_is_not_counted_again()
    {
        var watch = Hear(Send(new(), 50), 0, 30, Fate.Undelivered).Forgetting(Category.Marketing, T0.AddMinutes(1));

        Assert.Equal((0, 0, 0), watch.Of(Category.Marketing));
        Assert.Equal((0, 0, 0), Hear(watch, 0, 50, Fate.Delivered).Of(Category.Marketing));
        Assert.Equal((0, 0, 0), watch.Settled(T0.AddHours(1), Rules).Of(Category.Marketing)); // sent at the pace before
        Assert.Equal((1, 1, 0), watch.Sent("new", Category.Marketing, T0.AddMinutes(2)).Settled(T0.AddHours(1), Rules).Of(Category.Marketing));
    }

    [Fact]
    public void Of_more_than_it_can_watch_it_watches_some()
    {
        var watch = Send(new(), 5000).Settled(T0.AddMinutes(10), Rules);

        Assert.Equal((100, 100, 0), watch.Of(Category.Marketing));
    }

    private static ReceiptWatch Send(ReceiptWatch watch, int count, int from = 0) =>
        Enumerable.Range(from, count).Aggregate(watch, (all, i) => all.Sent($"{i}", Category.Marketing, T0));

    private static ReceiptWatch Hear(ReceiptWatch watch, int from, int count, Fate fate) =>
        Enumerable.Range(from, count).Aggregate(watch, (all, i) => all.Heard($"{i}", fate, Rules));
}

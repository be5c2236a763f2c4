using FsCheck.Fluent;
using Wuts.Domain.Webhooks;

namespace Wuts.Domain.Tests.Webhooks;

public sealed class DeliveryWindowTests
{
    [Fact]
    public void The_watermark_waits_for_the_event_that_is_missing()
    {
        var window = new DeliveryWindow(10).Finish(12).Finish(13);

        Assert.Equal(10, window.Watermark);
        Assert.Equal(13, window.Finish(11).Watermark);
    }

    [Fact]
    public void What_is_dealt_with_already_changes_nothing()
    {
        var window = new DeliveryWindow(10).Finish(12);

        Assert.Same(window, window.Finish(10));
        Assert.Equal(window, window.Finish(12));
    }

    [Fact]
    public void In_any_order_and_with_repeats_it_is_the_longest_run_without_a_gap() => Law.ForAll(
        Gen.ArrayOf(Gen.Choose(1, 30)), finished =>
        {
            var window = finished.Aggregate(new DeliveryWindow(0), (window, sequence) => window.Finish(sequence));

            Assert.Equal(Enumerable.Range(1, 31).First(sequence => !finished.Contains(sequence)) - 1, window.Watermark);
        });
}

using Wuts.Domain.Quotas;

namespace Wuts.Domain.Tests.Quotas;

public sealed class QueueDepthsTests
{
    private readonly QueueDepths _depths = new();

    [Fact]
    public void What_was_granted_counts_until_it_is_told_to_be_in_the_queue()
    {
        Ask("a", number: 1, waiting: 0, open: [1]);
        Ask("a", number: 2, waiting: 0, open: [1, 2]);
        Assert.Equal(2, _depths.Total);

        _depths.Tell(Report("a", number: 3, waiting: 2), Samples.T0);
        Assert.Equal(2, _depths.Total);
        _depths.Tell(Report("a", number: 4, waiting: 0), Samples.T0);
        Assert.Equal(0, _depths.Total);
    }

    [Fact]
    public void A_grant_whose_answer_is_slow_keeps_no_later_one_from_being_told_to_be_in_the_queue()
    {
        Ask("a", number: 1, waiting: 0, open: [1]);
        Ask("a", number: 2, waiting: 0, open: [1, 2]);
        Ask("a", number: 3, waiting: 0, open: [1, 2, 3]);

        Ask("a", number: 4, waiting: 1, open: [1, 3, 4]);

        Assert.Equal(4, _depths.Total);
    }

    [Fact]
    public void A_question_that_comes_late_does_not_take_back_what_a_later_one_told()
    {
        _depths.Tell(Report("a", number: 7, waiting: 40, open: [5]), Samples.T0);
        Ask("a", number: 5, waiting: 10, open: [5]);

        Assert.Equal(41, _depths.Total);
    }

    [Fact]
    public void A_new_activation_tells_all_there_is()
    {
        Ask("a", number: 1, waiting: 3, open: [1]);
        _depths.Tell(Report("a", number: 1, waiting: 4, epoch: 2), Samples.T0);
        Assert.Equal(4, _depths.Total);

        _depths.Tell(Report("a", number: 9, waiting: 100, epoch: 1), Samples.T0);
        Assert.Equal(4, _depths.Total);
    }

    [Fact]
    public void Devices_that_tell_nothing_are_corrected_by_what_is_stored_and_the_others_are_not()
    {
        _depths.Tell(Report("gone", number: 1, waiting: 50), Samples.T0);
        _depths.Tell(Report("busy", number: 1, waiting: 7), Samples.T0.AddSeconds(20));

        _depths.Correct(new Dictionary<string, int> { ["busy"] = 1, ["unknown"] = 2 }, Samples.T0.AddSeconds(10), Samples.T0.AddSeconds(20));

        Assert.Equal(9, _depths.Total);
    }

    private static DepthReport Report(string device, long number, int waiting, long epoch = 1, params long[] open) => new(device, epoch, number, waiting, [.. open]);

    private void Ask(string device, long number, int waiting, params long[] open)
    {
        var report = Report(device, number, waiting, open: open);
        _depths.Tell(report, Samples.T0);
        _depths.Grant(report);
    }
}

using Wuts.Domain.Devices;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Tests.Simulator;

/// <summary>How the network rates numbers.</summary>
public sealed class QualityTests : IAsyncLifetime
{
    private readonly TestNetwork _test = TestNetwork.OnManualClock();
    private int _complaints;

    public Task InitializeAsync() => _test.PairAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Theory]
    [InlineData(0, 0, QualityRating.Green)]
    [InlineData(1, 1, QualityRating.Green)]
    [InlineData(2, 100, QualityRating.Yellow)]
    [InlineData(2, 101, QualityRating.Green)]
    [InlineData(4, 200, QualityRating.Yellow)]
    [InlineData(5, 7, QualityRating.Red)]
    [InlineData(9, 200, QualityRating.Yellow)]
    [InlineData(10, 200, QualityRating.Red)]
    public void A_rating_is_by_the_share_of_complaints(int complaints, int messages, QualityRating rating) =>
        Assert.Equal(rating, QualityRule.Rate(complaints, messages));

    [Fact]
    public async Task Blocks_and_reports_lower_a_number_and_its_devices_are_told_of_each_change_once()
    {
        await ComplainAsync(5);

        Assert.Equal(new DeviceEvent.QualityChanged(QualityRating.Yellow, _test.Clock.GetUtcNow()), await _test.Sink.NextAsync<DeviceEvent.QualityChanged>());
        Assert.Equal(QualityRating.Red, (await _test.Sink.NextAsync<DeviceEvent.QualityChanged>()).Rating);
        await _test.FenceAsync();
        Assert.Equal(2, _test.Sink.All.Count(e => e.Event is DeviceEvent.QualityChanged));
        Assert.Equal([QualityRating.Yellow, QualityRating.Red], await RatingsAsync());
        var standing = _test.Network.FindPhone(TestNetwork.Own)!.Standing!;
        Assert.Equal((QualityRating.Red, 2, 3), (standing.Rating, standing.Blocks, standing.Reports));
    }

    [Fact]
    public async Task Complaints_are_forgotten_after_a_day_also_over_a_restart()
    {
        await ComplainAsync(2);
        await _test.RestartAsync();
        Assert.Equal(QualityRating.Yellow, _test.Network.FindPhone(TestNetwork.Own)!.Standing!.Rating);

        _test.Clock.Advance(QualityRule.Memory - TimeSpan.FromSeconds(1));
        Assert.Equal(QualityRating.Yellow, _test.Network.FindPhone(TestNetwork.Own)!.Standing!.Rating);
        _test.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([QualityRating.Yellow, QualityRating.Green], await RatingsAsync());
    }

    [Fact]
    public async Task Messages_that_nobody_complains_of_raise_a_number_again()
    {
        await ComplainAsync(2);
        for (var i = 0; i <= QualityRule.LeastMessages; i++)
        {
            Assert.Equal([QualityRating.Yellow], await RatingsAsync());
            await _test.SendAsync();
        }

        Assert.Equal([QualityRating.Yellow, QualityRating.Green], await RatingsAsync());
    }

    [Fact]
    public async Task A_device_that_is_new_to_a_number_is_told_how_it_stands()
    {
        await ComplainAsync(2);
        var until = _test.Clock.GetUtcNow().AddHours(1);
        await _test.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { ReachOutUntil = until });
        var second = new DeviceKey("acme", "d2");
        await _test.PairAsync(second);

        Assert.Equal(QualityRating.Yellow, (await _test.Sink.NextAsync<DeviceEvent.QualityChanged>(device: second)).Rating);
        Assert.Equal(until, (await _test.Sink.NextAsync<DeviceEvent.Restricted>(device: second)).Until);
    }

    // Half of them by a block of their own, half by a report.
    private async Task ComplainAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            var number = $"55118888{++_complaints:D5}";
            if (i % 2 == 0)
            {
                Assert.IsType<PhoneOutcome.Reported>(await _test.Network.ReportAsync(number, TestNetwork.Own));
            }
            else
            {
                await _test.Network.ChangePhoneAsync(number, new PhoneChange { Blocks = [TestNetwork.Own] });
            }
        }
    }

    private async Task<List<QualityRating?>> RatingsAsync() =>
        [.. (await _test.LogAsync()).Where(e => e.Kind == LogKind.QualityChanged).Select(e => e.Rating)];
}

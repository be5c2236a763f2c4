using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Grains.Pacing;
using Wuts.Storage;
using Wuts.Testing.Memory;
using Wuts.Transports;

namespace Wuts.Grains.Tests.Pacing;

public sealed class PaceTests : IAsyncLifetime
{
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);

    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync(configure: Paced);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_message_leaves_a_gap_after_the_one_before()
    {
        var (_, device) = await _cluster.NewDevice();
        await SendTo(device, 3);

        await _cluster.Transport.NextSent();
        for (var i = 0; i < 2; i++)
        {
            await _cluster.Clock.TimerArmed(Gap);
            Assert.True(_cluster.Transport.NothingSent);
            _cluster.Clock.Advance(Gap);
            await _cluster.Transport.NextSent();
        }
    }

    [Fact]
    public async Task Typing_is_part_of_the_gap()
    {
        var (_, device) = await _cluster.NewDevice();
        await device.Send(_cluster.Command("first"));
        await _cluster.Transport.NextSent();

        await device.Send(_cluster.Command("second", typing: 1));

        await _cluster.Clock.TimerArmed(Gap); // it types already
        Assert.Single(_cluster.Transport.Typing);
        _cluster.Clock.Advance(Gap);
        await _cluster.Transport.NextSent();
    }

    [Fact]
    public async Task Typing_that_a_password_cut_short_is_part_of_the_gap_only_with_what_is_left_of_it()
    {
        var (_, device) = await _cluster.NewDevice();
        await device.Send(_cluster.Command("offer", typing: 5) with { Category = Category.Marketing });
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(5));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(4.8));
        await device.Send(_cluster.Command("password", chat: "5511988880002") with { Category = Category.Authentication });
        await _cluster.Transport.NextSent();

        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(0.8));
        Assert.True(_cluster.Transport.NothingSent);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(0.8));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(0.2));
        Assert.True(_cluster.Transport.NothingSent);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(0.2));
        await _cluster.Transport.NextSent();
    }

    [Fact]
    public async Task A_pace_that_was_slowed_is_as_slow_after_a_restart_and_nothing_was_saved_up()
    {
        var (key, device) = await _cluster.NewDevice();
        await device.Handle([new DeviceEvent.QualityChanged(QualityRating.Red, _cluster.Clock.GetUtcNow())]);
        Assert.Equal(0.1, (await device.GetHealth())!.Pace.Pace.Rate, 6);
        await SendTo(device, 1);
        await _cluster.Transport.NextSent();

        await Restart();
        await _cluster.Device(key).Wake();
        await SendTo(_cluster.Device(key), 1);

        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(10));
        Assert.True(_cluster.Transport.NothingSent);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        await _cluster.Transport.NextSent();
    }

    [Fact]
    public async Task What_a_device_knew_when_it_was_drained_is_of_no_use_once_another_activation_has_sent()
    {
        var (key, device) = await _cluster.NewDevice();
        await device.Handle([new DeviceEvent.QualityChanged(QualityRating.Red, _cluster.Clock.GetUtcNow())]);
        var health = await _cluster.Health.FindAsync(key);
        var epoch = (await _cluster.Devices.FindAsync(key))!.Epoch;
        await _cluster.Health.SaveAsync(key, epoch, health! with { NextDueAt = _cluster.Clock.GetUtcNow().AddDays(-1), DrainedIn = epoch - 1 }, []);
        await SendTo(device, 1);
        await _cluster.Transport.NextSent();

        await Restart();
        await _cluster.Device(key).Wake();
        await SendTo(_cluster.Device(key), 1);

        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(10));
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task A_gap_between_messages_to_one_recipient_holds_only_that_chat()
    {
        await Restart(services => services.Configure<PaceOptions>(options => options.Profiles["default"].PairGap = TimeSpan.FromSeconds(6)));
        var (_, device) = await _cluster.NewDevice();
        await device.Send(_cluster.Command("a1", chat: "5511988880401"));
        await _cluster.Transport.NextSent();
        await device.Send(_cluster.Command("a2", chat: "5511988880401"));
        await device.Send(_cluster.Command("b1", chat: "5511988880402"));

        await _cluster.Clock.TimerArmed(Gap);
        _cluster.Clock.Advance(Gap);
        Assert.Equal("b1", await NextText());
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(5));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("a2", await NextText());
    }

    [Fact]
    public async Task Undelivered_marketing_slows_marketing_with_the_reason_and_lets_the_rest_go_on()
    {
        var (_, device) = await _cluster.NewDevice();
        var ids = await SendAndDeliver(device, 20, delivered: 10, Category.Marketing);
        Assert.Equal(20, ids.Count);
        _cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        await device.Wake();

        var pace = (await device.GetHealth())!.Pace;
        var change = Assert.Single(pace.Pace.Changes);
        Assert.Equal((PaceSignal.Undelivered, Category.Marketing, 0.5, 1.0, 0.5), (change.Signal, change.Category, change.Value, change.Before, change.After));
        Assert.Equal(0.5, pace.Categories.Single(part => part.Category == Category.Marketing).Rate);

        await device.Send(_cluster.Command("m1", chat: "5511988880101") with { Category = Category.Marketing });
        await _cluster.Transport.NextSent();
        await device.Send(_cluster.Command("m2", chat: "5511988880102") with { Category = Category.Marketing });
        await device.Send(_cluster.Command("u1", chat: "5511988880103"));
        await _cluster.Clock.TimerArmed(Gap);
        _cluster.Clock.Advance(Gap);
        Assert.Equal("u1", await NextText());
        await _cluster.Clock.TimerArmed(Gap);
        _cluster.Clock.Advance(Gap);
        Assert.Equal("m2", await NextText());
    }

    [Fact]
    public async Task A_network_that_asks_for_less_gets_silence_until_then_and_half_the_pace()
    {
        var (key, device) = await _cluster.NewDevice();
        var throttled = new Failure(FailureCodes.Throttled, FailureClass.Transient, Retryable: true, "Too fast.");
        var asked = false;
        _cluster.Transport.Answer(key, message => Task.FromResult(
            !asked && (asked = true) ? new SendOutcome.Refused(throttled, TimeSpan.FromSeconds(30)) : _cluster.Transport.Taken(message)));
        await SendTo(device, 2);
        await _cluster.Transport.NextSent();

        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(30));
        Assert.True(_cluster.Transport.NothingSent);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        await _cluster.Transport.NextSent();
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(2));

        Assert.Equal(0.5, (await device.GetHealth())!.Pace.Pace.Rate);
    }

    [Fact]
    public async Task A_red_rating_is_told_to_the_webhook_with_the_score()
    {
        var (key, device) = await _cluster.NewDevice();
        var rated = new DeviceEvent.QualityChanged(QualityRating.Red, _cluster.Clock.GetUtcNow());

        await device.Handle([rated]);
        await device.Handle([rated]);

        var told = Assert.Single(_cluster.Database.EventsOf(ClusterFixture.EndpointOf(key)), e => e.Type == WebhookEvents.DeviceQuality);
        Assert.Contains("\"rating\":\"red\",\"score\":45,\"health\":\"poor\"", told.DataJson, StringComparison.Ordinal);
        var health = (await device.GetHealth())!;
        Assert.Equal((45, HealthBand.Poor), (health.Report.Score, health.Report.Band));
    }

    [Fact]
    public async Task A_banned_number_pauses_alone_comes_back_by_itself_and_begins_at_the_floor()
    {
        var (key, device) = await _cluster.NewDevice();
        var (_, other) = await _cluster.NewDevice();
        var now = _cluster.Clock.GetUtcNow();
        await device.Handle([new DeviceEvent.Banned("spam", now.AddHours(1), now)]);

        Assert.IsType<SendAnswer.NotReady>(await device.Send(_cluster.Command("no")));
        Assert.IsType<SendAnswer.Accepted>(await other.Send(_cluster.Command("yes")));
        await _cluster.Transport.NextSent();

        _cluster.Clock.Advance(TimeSpan.FromHours(1));
        await device.Wake();
        await _cluster.Database.Until("the link", async () => (await _cluster.Devices.FindAsync(key))!.Session.IsConnected);
        var pace = (await device.GetHealth())!.Pace;
        Assert.Equal(pace.Floor, pace.Pace.Rate);
        Assert.Equal(PaceSignal.TemporaryBan, pace.Pace.Changes[^1].Signal);

        _cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.True((await device.GetHealth())!.Pace.Pace.Rate > pace.Floor);
    }

    [Fact]
    public async Task Losing_the_link_again_and_again_slows_the_number()
    {
        var (_, device) = await _cluster.NewDevice();
        for (var i = 0; i < 5; i++)
        {
            _cluster.Clock.Advance(TimeSpan.FromMinutes(1));
            await device.Handle([new DeviceEvent.Disconnected("gone", _cluster.Clock.GetUtcNow())]);
            await device.Connect();
        }

        Assert.Equal(PaceSignal.Disconnects, Assert.Single((await device.GetHealth())!.Pace.Pace.Changes).Signal);
    }

    private static void Paced(IServiceCollection services) => services.Configure<PaceOptions>(options =>
    {
        options.Enabled = true;
        options.Profiles["default"].CeilingPerMinute = 60;
        options.Profiles["default"].Burst = TimeSpan.Zero;
    });

    private async Task SendTo(IDeviceGrain device, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var command = _cluster.Command($"{i}", chat: $"55119888802{i:D2}") with { QueueWhenNotReady = true }; // after a restart it may not be linked yet
            Assert.IsType<SendAnswer.Accepted>(await device.Send(command));
        }
    }

    private async Task<List<string>> SendAndDeliver(IDeviceGrain device, int count, int delivered, Category category)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            await device.Send(_cluster.Command($"{i}", chat: $"55119888803{i:D2}") with { Category = category });
            ids.Add((await _cluster.Transport.NextSent()).ProviderId);
            await _cluster.Database.Until("it sent", async () => (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, ids[^1]))!.State == MessageState.Sent);
            _cluster.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        var receipts = ids.Take(delivered).Select(id => new DeviceEvent.Receipt(id, new(DeliveryStage.Delivered, _cluster.Clock.GetUtcNow())));
        await device.Handle([.. receipts]);
        return ids;
    }

    private async Task Restart(Action<IServiceCollection>? configure = null)
    {
        var before = _cluster;
        await before.DisposeAsync();
        _cluster = await ClusterFixture.StartAsync(configure: Paced + configure, former: before);
    }

    private async Task<string> NextText() => ((TextContent)(await _cluster.Transport.NextSent()).Content).Text;
}

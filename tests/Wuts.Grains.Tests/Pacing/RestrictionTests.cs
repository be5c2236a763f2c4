using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Grains.Tests.Pacing;

public sealed class RestrictionTests : IAsyncLifetime
{
    private static readonly Failure Timelock = new(
        FailureCodes.ReachOutTimelock, FailureClass.Quality, Retryable: true, "WhatsApp lets this number write only to people who have written to it.");

    private const string Ana = "5511977700009@s.whatsapp.net";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_network_allows_no_new_chats_known_chats_go_on_and_strangers_wait_until_then(bool warm)
    {
        var (_, device) = await _cluster.NewDevice();
        await device.SetWarmUp(new(Enabled: !warm));
        await device.Send(_cluster.Command("before", chat: "5511977700001"));
        await _cluster.Transport.NextSent();
        var until = _cluster.Clock.GetUtcNow() + Day;

        await device.Handle([new DeviceEvent.Restricted(RestrictionKind.NewChats, until, _cluster.Clock.GetUtcNow(), 0)]);
        var stranger = Accepted(await device.Send(_cluster.Command("new", chat: "5511977700002")));
        await device.Send(_cluster.Command("known", chat: "5511977700001"));

        Assert.Equal((HoldReason.Restricted, until, until), (stranger.Message.Hold, stranger.Message.NotBefore, stranger.DepartureAt));
        Assert.Equal("5511977700001@s.whatsapp.net", (await _cluster.Transport.NextSent()).ChatJid);
        Assert.True(_cluster.Transport.NothingSent);
        Assert.Equal(RestrictionKind.NewChats, Assert.Single((await device.GetHealth())!.Restrictions).Kind);

        await _cluster.Clock.TimerArmed(Day);
        _cluster.Clock.Advance(Day);
        Assert.Equal("5511977700002@s.whatsapp.net", (await _cluster.Transport.NextSent()).ChatJid);
    }

    [Fact]
    public async Task A_refusal_that_names_a_time_is_not_tried_again_before_and_holds_everybody_new()
    {
        var (key, device) = await _cluster.NewDevice();
        _cluster.Transport.Answer(key, message => Task.FromResult<SendOutcome>(
            _cluster.Clock.GetUtcNow().Day == 1 ? new SendOutcome.Refused(Timelock, Day) : _cluster.Transport.Taken(message)));

        var refused = Accepted(await device.Send(_cluster.Command("refused", chat: "5511977700001")));
        await _cluster.Transport.NextSent();
        await _cluster.Database.Until("a restriction", async () => (await _cluster.Health.FindAsync(key))?.Restrictions.IsEmpty == false);
        var other = Accepted(await device.Send(_cluster.Command("other", chat: "5511977700002")));

        var stored = await Stored(refused.Message);
        Assert.Equal((MessageState.Queued, HoldReason.Restricted, _cluster.Clock.GetUtcNow() + Day), (stored.State, stored.Hold, stored.NotBefore));
        Assert.Equal((HoldReason.Restricted, _cluster.Clock.GetUtcNow() + Day), (other.Message.Hold, other.Message.NotBefore));
        Assert.True(_cluster.Transport.NothingSent);

        await _cluster.Clock.TimerArmed(Day);
        _cluster.Clock.Advance(Day);
        Assert.Equal(refused.Message.Envelope.Id, (await _cluster.Transport.NextSent()).ProviderId);
        Assert.Equal(other.Message.Envelope.Id, (await _cluster.Transport.NextSent()).ProviderId);
    }

    [Fact]
    public async Task A_refusal_without_a_time_fails_at_once()
    {
        var (key, device) = await _cluster.NewDevice();
        _cluster.Transport.Answer(key, _ => Task.FromResult<SendOutcome>(new SendOutcome.Refused(Timelock)));

        var answer = Accepted(await device.Send(_cluster.Command("refused", hold: TimeSpan.FromSeconds(20))));

        Assert.Equal((MessageState.Failed, "463"), (answer.Message.State, answer.Message.Failure!.Code));
    }

    [Fact]
    public async Task When_the_network_lifts_it_what_waited_leaves_at_once()
    {
        var (_, device) = await _cluster.NewDevice();
        var now = _cluster.Clock.GetUtcNow();
        await device.Handle([new DeviceEvent.Restricted(RestrictionKind.ReachOut, null, now)]);
        var held = Accepted(await device.Send(_cluster.Command("new")));
        Assert.Equal(HoldReason.Restricted, held.Message.Hold);

        await device.Handle([new DeviceEvent.Restricted(RestrictionKind.ReachOut, now, now.AddSeconds(1))]);

        Assert.Equal(held.Message.Envelope.Id, (await _cluster.Transport.NextSent()).ProviderId);
    }

    [Fact]
    public async Task A_known_chat_that_a_warmed_number_has_not_in_memory_goes_on()
    {
        var (key, device) = await _cluster.NewDevice();
        await device.SetWarmUp(new(Enabled: false));
        await device.Handle([new DeviceEvent.MessageReceived(new("in-1", Ana, Ana, "5511999990001@s.whatsapp.net", "hi", null, _cluster.Clock.GetUtcNow()))]);
        var before = _cluster;
        await before.DisposeAsync();
        _cluster = await ClusterFixture.StartAsync(former: before);
        device = _cluster.Device(key);
        await device.Connect();
        var later = Accepted(await device.Send(_cluster.Command("later", chat: "5511977700009", delay: 60)));
        await device.Handle([new DeviceEvent.Restricted(RestrictionKind.ReachOut, _cluster.Clock.GetUtcNow() + Day, _cluster.Clock.GetUtcNow(), 0)]);

        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(60));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(later.Message.Envelope.Id, (await _cluster.Transport.NextSent()).ProviderId);
    }

    [Fact]
    public async Task What_was_accepted_before_the_restriction_waits_too()
    {
        var (_, device) = await _cluster.NewDevice();
        var delayed = Accepted(await device.Send(_cluster.Command("later", delay: 60)));
        await device.Handle([new DeviceEvent.Restricted(RestrictionKind.NewChats, _cluster.Clock.GetUtcNow() + Day, _cluster.Clock.GetUtcNow(), 0)]);

        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(60));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(60));

        await _cluster.Database.Until("the hold", async () => (await Stored(delayed.Message)).Hold == HoldReason.Restricted);
        Assert.True(_cluster.Transport.NothingSent);
        Assert.Equal(0, (await Stored(delayed.Message)).Attempt);
    }

    private async Task<Message> Stored(Message message) => (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, message.Envelope.Id))!;

    private static SendAnswer.Accepted Accepted(SendAnswer answer) => Assert.IsType<SendAnswer.Accepted>(answer);
}

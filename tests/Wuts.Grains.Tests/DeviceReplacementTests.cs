using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Grains.Tests;

/// <summary>One activation of a device takes over from another, which may not know it yet.</summary>
public sealed class DeviceReplacementTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Messages_of_an_earlier_life_are_sent_in_order_and_a_claimed_one_is_not_sent_again()
    {
        var (key, _) = await _cluster.NewDevice();
        var epoch = (await _cluster.Devices.FindAsync(key))!.Epoch;
        var claimed = await StoreUnsent(key, epoch, "claimed", "5511988880001", claim: true);
        var waiting = await StoreUnsent(key, epoch, "waiting", "5511988880001", claim: false);
        _cluster.Transport.Know(key, _ => new SendEvidence.Taken(_cluster.Clock.GetUtcNow()));

        await _cluster.Devices.RaiseEpochAsync(key); // as another activation would: this one is stale now
        var device = _cluster.Device(key);
        await Assert.ThrowsAnyAsync<Exception>(() => device.Send(_cluster.Command("refused by the fence", hold: Held)));
        await device.Wake();

        Assert.Equal("waiting", await NextText());
        await _cluster.Message(waiting).WaitUntilDispatched(Held);
        Assert.Equal(MessageState.Sent, (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, claimed))!.State);
        Assert.NotNull((await _cluster.Messages.FindAsync(ClusterFixture.Tenant, claimed))!.UncertainAt);
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(HoldReason.WarmUp)]
    public async Task A_replaced_device_goes_away_when_its_successor_has_put_a_message_off(HoldReason? reason)
    {
        var (key, device) = await _cluster.NewDevice();
        var id = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("waiting", delay: 5))).Message.Envelope.Id;
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(5));
        var due = _cluster.Clock.GetUtcNow() + TimeSpan.FromSeconds(5);
        var epoch = (await _cluster.Devices.RaiseEpochAsync(key))!.Epoch;
        await _cluster.Message(id).Hold(epoch, due.AddMilliseconds(-1), HoldReason.Restricted, contact: null);
        await _cluster.Message(id).Hold(epoch, due, reason, contact: null);

        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        await NextLife().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("waiting", await NextText());

        async Task NextLife()
        {
            while ((await device.GetSnapshot())!.Device.Epoch <= epoch)
            {
                await Task.Yield();
            }
        }
    }

    private async Task<string> StoreUnsent(DeviceKey key, long epoch, string text, string chat, bool claim)
    {
        var command = _cluster.Command(text, chat);
        var now = _cluster.Clock.GetUtcNow();
        var envelope = new MessageEnvelope
        {
            Id = command.MessageId, TenantId = key.TenantId, DeviceId = key.DeviceId, UserId = ClusterFixture.User, ChatJid = command.ChatJid,
            Content = command.Content, Fingerprint = text, AcceptedAt = now, DueAt = now, Typing = TimeSpan.Zero,
            Position = _cluster.Clock.GetTimestamp() + (claim ? 0 : 1),
        };
        await _cluster.Messages.WriteAsync(Message.Accept(envelope, epoch, claim), fenced: true);
        return envelope.Id;
    }

    private async Task<string> NextText() => ((TextContent)(await _cluster.Transport.NextSent()).Content).Text;
}

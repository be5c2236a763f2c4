using Wuts.Domain.Delivery;
using Wuts.Grains.Devices;

namespace Wuts.Grains.Tests;

public sealed class FullQueueTests : IAsyncLifetime
{
    private const int MaxQueued = 100;
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private ClusterFixture _cluster = null!;
    private IDeviceGrain _device = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync(sending => sending.MaxQueued = MaxQueued);
        (_, _device) = await _cluster.NewDevice();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_full_queue_refuses_new_messages_and_stores_nothing()
    {
        await Fill();
        var refused = _cluster.Command("one more", hold: Held);

        Assert.Equal(MaxQueued, Assert.IsType<SendAnswer.QueueFull>(await _device.Send(refused)).Waiting);
        Assert.Equal(MaxQueued, Assert.IsType<SendAnswer.QueueFull>(await _device.Send(refused with { QueueWhenNotReady = true })).Waiting);

        Assert.Null(await _cluster.Messages.FindAsync(ClusterFixture.Tenant, refused.MessageId));
        Assert.Equal(MaxQueued, (await _device.GetSnapshot())!.Waiting);
    }

    [Fact]
    public async Task Many_at_once_fill_it_to_the_last_place_and_no_further()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, MaxQueued + 20).Select(n => _device.Send(Later(n))));

        Assert.Equal(MaxQueued, answers.OfType<SendAnswer.Accepted>().Count());
        Assert.Equal(20, answers.OfType<SendAnswer.QueueFull>().Count());
    }

    [Fact]
    public async Task A_request_repeated_then_is_answered_with_its_message()
    {
        var sent = _cluster.Command("gone", hold: Held);
        await _device.Send(sent);
        var queued = (await Fill())[^1];

        Assert.Equal(MessageState.Sent, Assert.IsType<SendAnswer.Accepted>(await _device.Send(sent)).Message.State);
        Assert.IsType<SendAnswer.KeyReused>(await _device.Send(sent with { Fingerprint = "another" }));
        var repeated = Assert.IsType<SendAnswer.Accepted>(await _device.Send(queued)).Message;
        Assert.Equal((queued.MessageId, MessageState.Queued), (repeated.Envelope.Id, repeated.State));
    }

    [Fact]
    public async Task What_leaves_makes_room()
    {
        await Fill();
        _cluster.Clock.Advance(TimeSpan.FromSeconds(100));
        for (var left = 0; left < MaxQueued; left++)
        {
            await _cluster.Transport.NextSent();
        }

        Assert.Equal(
            MessageState.Sent,
            Assert.IsType<SendAnswer.Accepted>(await _device.Send(_cluster.Command("one more", hold: Held))).Message.State);
    }

    private async Task<SendCommand[]> Fill()
    {
        var commands = Enumerable.Range(0, MaxQueued).Select(Later).ToArray();
        Assert.All(await Task.WhenAll(commands.Select(command => _device.Send(command))), answer => Assert.IsType<SendAnswer.Accepted>(answer));
        return commands;
    }

    private SendCommand Later(int n) => _cluster.Command($"later {n}", chat: $"55119888{n:D5}", delay: 100);
}

using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Testing.Memory;

namespace Wuts.Grains.Tests;

/// <summary>A silo that is about to stop.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _handedOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SendOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync()
    {
        _answer.TrySetResult(new SendOutcome.Unknown("the test is over"));
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task What_is_being_handed_over_ends_and_is_recorded_and_nothing_else_leaves()
    {
        var device = await NewDeviceThatHandsOver();
        var first = Accepted(await device.Send(_cluster.Command("first")));
        await _handedOver.Task.WaitAsync(Held);
        var second = Accepted(await device.Send(_cluster.Command("second")));

        var drain = _cluster.Drain.DrainAsync(CancellationToken.None);
        Assert.False(drain.IsCompleted);
        _answer.SetResult(new SendOutcome.Accepted(first.Envelope.Id, _cluster.Clock.GetUtcNow()));
        await drain.WaitAsync(Held);

        Assert.Equal(MessageState.Sent, (await _cluster.Message(first.Envelope.Id).WaitUntilDispatched(TimeSpan.Zero))!.State);
        Assert.Equal(MessageState.Queued, (await _cluster.Message(second.Envelope.Id).WaitUntilDispatched(TimeSpan.Zero))!.State);
        await _cluster.Transport.NextSent();
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task A_message_whose_claim_is_being_stored_with_its_acceptance_is_handed_over_first()
    {
        var (_, device) = await _cluster.NewDevice();
        Accepted(await device.Send(_cluster.Command("brings the permits", hold: Held)));
        await _cluster.Transport.NextSent();
        var stored = new TaskCompletionSource<WriteFault>(TaskCreationOptions.RunContinuationsAsynchronously);
        var storing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Flushes.BeforeWrite = _ =>
        {
            storing.TrySetResult();
            return stored.Task;
        };
        var send = device.Send(_cluster.Command("hello"));
        await storing.Task.WaitAsync(Held);

        var drain = _cluster.Drain.DrainAsync(CancellationToken.None);
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(25)); // the drain waits
        stored.SetResult(WriteFault.None);
        await drain.WaitAsync(Held);

        await _cluster.Transport.NextSent();
        Assert.Equal(MessageState.Sent, (await _cluster.Message(Accepted(await send).Envelope.Id).WaitUntilDispatched(TimeSpan.Zero))!.State);
    }

    [Fact]
    public async Task Typing_is_cut_short_and_its_message_stays_queued()
    {
        var (_, device) = await _cluster.NewDevice();
        var message = Accepted(await device.Send(_cluster.Command("hello", typing: 60)));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(60));

        await _cluster.Drain.DrainAsync(CancellationToken.None).WaitAsync(Held);

        Assert.Equal([$"{message.Envelope.ChatJid} on", $"{message.Envelope.ChatJid} off"], _cluster.Transport.Typing);
        Assert.Equal(MessageState.Queued, (await _cluster.Message(message.Envelope.Id).WaitUntilDispatched(TimeSpan.Zero))!.State);
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task A_held_answer_is_released_and_a_new_message_is_still_accepted()
    {
        var (_, device) = await _cluster.NewDevice();
        var held = device.Send(_cluster.Command("hello", delay: 3, hold: Held));
        await _cluster.Clock.TimerArmed(Held);

        await _cluster.Drain.DrainAsync(CancellationToken.None).WaitAsync(Held);

        Assert.Equal(MessageState.Queued, Accepted(await held.WaitAsync(Held)).State);
        Assert.Equal(MessageState.Queued, Accepted(await device.Send(_cluster.Command("later"))).State);
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task A_device_of_another_silo_that_is_told_by_mistake_goes_on()
    {
        var (_, device) = await _cluster.NewDevice();

        await device.Drain();

        Assert.Equal(MessageState.Sent, Accepted(await device.Send(_cluster.Command("hello", hold: Held))).State);
    }

    private static Message Accepted(SendAnswer answer) => Assert.IsType<SendAnswer.Accepted>(answer).Message;

    private async Task<IDeviceGrain> NewDeviceThatHandsOver()
    {
        var (key, device) = await _cluster.NewDevice();
        _cluster.Transport.Answer(key, _ =>
        {
            _handedOver.TrySetResult();
            return _answer.Task;
        });
        return device;
    }
}

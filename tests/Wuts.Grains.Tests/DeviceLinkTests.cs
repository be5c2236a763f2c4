using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Transports;

namespace Wuts.Grains.Tests;

/// <summary>A send to a device that has just been activated, as after the death of its silo.</summary>
public sealed class DeviceLinkTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<ConnectOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _linking = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClusterFixture _cluster = null!;
    private DeviceKey _key = null!;
    private IDeviceGrain _device = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync();
        (_key, _device) = await _cluster.NewDevice(active: false);
        _cluster.Transport.AnswerLink(_key, () =>
        {
            _linking.TrySetResult();
            return _outcome.Task;
        });
    }

    public async Task DisposeAsync()
    {
        _outcome.TrySetResult(new ConnectOutcome.Failed("the test is over"));
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task It_waits_for_the_first_link_and_leaves()
    {
        var sends = Enumerable.Range(0, 3).Select(n => _device.Send(_cluster.Command($"hello {n}", hold: Held))).ToArray();
        await _linking.Task.WaitAsync(Held);
        await _cluster.Clock.TimerArmed(Held);
        Assert.DoesNotContain(sends, send => send.IsCompleted);

        _outcome.SetResult(new ConnectOutcome.Connected("5511999990001@s.whatsapp.net"));

        Assert.All(await Task.WhenAll(sends), answer => Assert.Equal(MessageState.Sent, Assert.IsType<SendAnswer.Accepted>(answer).Message.State));
    }

    [Fact]
    public async Task It_is_refused_as_soon_as_the_link_has_failed_and_the_next_one_at_once()
    {
        var send = _device.Send(_cluster.Command("hello", hold: Held));
        await _cluster.Clock.TimerArmed(Held);

        _outcome.SetResult(new ConnectOutcome.Failed("no way through"));

        Assert.Equal("no way through", Assert.IsType<SendAnswer.NotReady>(await send).Reason);
        Assert.IsType<SendAnswer.NotReady>(await _device.Send(_cluster.Command("hello again", hold: Held)));
    }

    [Fact]
    public async Task It_is_refused_when_its_patience_ends()
    {
        var send = _device.Send(_cluster.Command("hello", hold: Held));
        await _linking.Task.WaitAsync(Held);
        await _cluster.Clock.TimerArmed(Held);
        Assert.False(send.IsCompleted);

        _cluster.Clock.Advance(Held);

        Assert.Equal(DeviceState.Connecting, Assert.IsType<SendAnswer.NotReady>(await send).State);
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task One_that_may_wait_is_accepted_at_once_and_leaves_with_the_link()
    {
        var answer = await _device.Send(_cluster.Command("patient") with { QueueWhenNotReady = true });

        Assert.Equal(MessageState.Queued, Assert.IsType<SendAnswer.Accepted>(answer).Message.State);
        Assert.True(_cluster.Transport.NothingSent);
        _outcome.SetResult(new ConnectOutcome.Connected("5511999990001@s.whatsapp.net"));
        await _cluster.Transport.NextSent();
    }

    [Fact]
    public async Task Waiting_for_the_link_and_for_the_departure_together_take_no_longer_than_the_hold()
    {
        var answer = new TaskCompletionSource<SendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Transport.Answer(_key, _ => answer.Task);
        var send = _device.Send(_cluster.Command("hello", hold: Held));
        await _linking.Task.WaitAsync(Held);
        await _cluster.Clock.TimerArmed(Held);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(3));
        _outcome.SetResult(new ConnectOutcome.Connected("5511999990001@s.whatsapp.net"));
        await _cluster.Transport.NextSent();
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(2));
        Assert.False(send.IsCompleted);

        _cluster.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(MessageState.Queued, Assert.IsType<SendAnswer.Accepted>(await send).Message.State); // as it was accepted
        answer.SetResult(new SendOutcome.Unknown("the test is over"));
    }
}

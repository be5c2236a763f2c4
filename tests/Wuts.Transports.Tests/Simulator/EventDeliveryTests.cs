using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Tests.Simulator;

public sealed class EventDeliveryTests : IAsyncLifetime
{
    private readonly TestNetwork _test = TestNetwork.OnManualClock();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_failing_sink_is_tried_again_with_growing_pauses_until_it_takes_everything()
    {
        await _test.PairAsync();
        var failed = _test.Sink.Fail(times: 3);
        await _test.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "first");
        await failed;
        await _test.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "second");

        foreach (var pause in (int[])[100, 200, 400])
        {
            await _test.Clock.TimerArmed(TimeSpan.FromMilliseconds(pause));
            _test.Clock.Advance(TimeSpan.FromMilliseconds(pause));
        }

        await _test.Sink.NextAsync<DeviceEvent.MessageReceived>(m => m.Message.Text == "second");
        Assert.Equal("first", Assert.IsType<DeviceEvent.MessageReceived>(Assert.Single(_test.Sink.Unread)).Message.Text);
    }

    [Fact]
    public async Task What_gathers_while_the_sink_is_busy_comes_together_but_not_too_much_of_it()
    {
        await _test.PairAsync();
        var release = _test.Sink.Hold();
        for (var i = 0; i < 500; i++)
        {
            await _test.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, $"{i}");
        }

        release();
        await _test.FenceAsync();
        Assert.Equal(500, _test.Sink.Unread.Count);
        Assert.Equal(
            Enumerable.Range(0, 500).Select(i => $"{i}"),
            _test.Sink.Unread.Cast<DeviceEvent.MessageReceived>().Select(m => m.Message.Text));
        Assert.InRange(_test.Sink.LargestBatch, 2, 200);
    }

    [Fact]
    public async Task While_the_link_is_down_receipts_and_messages_wait_for_it()
    {
        var paired = await _test.PairAsync();
        var id = await _test.SendAsync();
        _test.Network.Disconnect(TestNetwork.Device);
        _test.Clock.Advance(TimeSpan.FromSeconds(1));
        await _test.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "hi");

        // News of the link itself does not wait; so once this has come, the others would have.
        await _test.Network.ShowQrAsync(TestNetwork.Device);
        _test.Clock.Advance(TimeSpan.FromMinutes(1));
        await _test.Sink.NextAsync<DeviceEvent.PairingFailed>();
        Assert.Empty(_test.Sink.Unread);

        await _test.Network.ConnectAsync(TestNetwork.Device, paired.Credentials);
        await _test.ReceiptAsync(id, DeliveryStage.Delivered);
        await _test.ReceiptAsync(id, DeliveryStage.Read);
        await _test.Sink.NextAsync<DeviceEvent.MessageReceived>();
    }

    [Fact]
    public async Task What_was_not_acknowledged_before_a_restart_comes_again_and_nothing_else()
    {
        var paired = await _test.PairAsync();
        await _test.FenceAsync();
        _ = _test.Sink.Fail(times: int.MaxValue);
        await _test.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "unheard");
        await _test.RestartAsync();

        await _test.Network.ConnectAsync(TestNetwork.Device, paired.Credentials);
        await _test.FenceAsync();
        Assert.Equal("unheard", Assert.IsType<DeviceEvent.MessageReceived>(Assert.Single(_test.Sink.Unread)).Message.Text);

        await _test.RestartAsync();
        await _test.Network.ConnectAsync(TestNetwork.Device, paired.Credentials);
        await _test.FenceAsync();
        Assert.Empty(_test.Sink.Unread);
    }

    [Fact]
    public async Task A_pairing_that_nobody_heard_of_is_told_after_a_crash()
    {
        await using var test = new TestNetwork(deliver: false);
        var ticket = await test.Network.ShowQrAsync(TestNetwork.Device);
        await test.Network.ScanAsync(TestNetwork.Own, ticket.Code);

        await using var after = test.AfterCrash();
        var paired = await after.Sink.NextAsync<DeviceEvent.Paired>();
        Assert.IsType<SendOutcome.NotConnected>(await after.Network.SendAsync(TestNetwork.Device, after.NewMessage()));
        Assert.IsType<ConnectOutcome.Connected>(await after.Network.ConnectAsync(TestNetwork.Device, paired.Credentials));
    }

    [Fact]
    public async Task An_event_that_comes_late_is_not_lost_by_a_restart_before_it_came()
    {
        var paired = await _test.PairAsync();
        _test.Network.ChangeFaults(new() { ReorderRate = 1 });
        await _test.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "late");
        _test.Network.ChangeFaults(new() { ReorderRate = 0 });
        await _test.FenceAsync();
        await _test.RestartAsync();

        await _test.Network.ConnectAsync(TestNetwork.Device, paired.Credentials);
        await _test.Sink.NextAsync<DeviceEvent.MessageReceived>(m => m.Message.Text == "late");
        Assert.Single((await _test.LogAsync()), e => e.Kind == LogKind.Received && e.Text == "late");
    }

    [Fact]
    public async Task A_name_comes_with_the_messages_of_its_phone()
    {
        await _test.PairAsync();
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Name = "Ana" });
        await _test.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "hi");

        Assert.Equal("Ana", (await _test.Sink.NextAsync<DeviceEvent.MessageReceived>()).Message.PushName);
    }
}

using Wuts.Domain.Devices;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Tests.Simulator;

public sealed class PairingTests : IAsyncLifetime
{
    private readonly TestNetwork _test = TestNetwork.OnManualClock();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_qr_code_that_nobody_scans_runs_out_after_a_minute()
    {
        var ticket = await _test.Network.ShowQrAsync(TestNetwork.Device);
        Assert.Equal(_test.Clock.GetUtcNow().AddSeconds(60), ticket.ExpiresAt);

        _test.Clock.Advance(TimeSpan.FromSeconds(60));

        await _test.Sink.NextAsync<DeviceEvent.PairingFailed>();
        Assert.Equal(PhoneRefusal.PairingCodeExpired, Reason(await _test.Network.ScanAsync(TestNetwork.Own, ticket.Code)));
    }

    [Fact]
    public async Task A_pair_code_runs_out_after_five_minutes()
    {
        var ticket = await _test.Network.ShowPairCodeAsync(TestNetwork.Device, TestNetwork.Own);

        _test.Clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(
            PhoneRefusal.PairingCodeForOtherNumber, Reason(await _test.Network.EnterPairCodeAsync(TestNetwork.Other, ticket.Code)));
        _test.Clock.Advance(TimeSpan.FromSeconds(1));

        await _test.Sink.NextAsync<DeviceEvent.PairingFailed>();
        Assert.Equal(PhoneRefusal.PairingCodeExpired, Reason(await _test.Network.EnterPairCodeAsync(TestNetwork.Own, ticket.Code)));
    }

    [Fact]
    public async Task A_used_code_does_not_run_out_and_is_not_taken_twice()
    {
        var ticket = await _test.Network.ShowQrAsync(TestNetwork.Device);
        await _test.Network.ScanAsync(TestNetwork.Own, ticket.Code);
        _test.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(PhoneRefusal.PairingCodeUsed, Reason(await _test.Network.ScanAsync(TestNetwork.Own, ticket.Code)));
        await _test.FenceAsync();
        Assert.IsType<DeviceEvent.Paired>(Assert.Single(_test.Sink.Unread));
    }

    [Fact]
    public async Task A_refused_code_says_why()
    {
        var old = await _test.Network.ShowQrAsync(TestNetwork.Device);
        var code = await _test.Network.ShowPairCodeAsync(TestNetwork.Device, TestNetwork.Own);

        Assert.Equal(PhoneRefusal.PairingCodeUnknown, Reason(await _test.Network.ScanAsync(TestNetwork.Own, "made-up")));
        Assert.Equal(PhoneRefusal.PairingCodeUnknown, Reason(await _test.Network.ScanAsync(TestNetwork.Own, code.Code)));
        Assert.Equal(PhoneRefusal.PairingCodeReplaced, Reason(await _test.Network.ScanAsync(TestNetwork.Own, old.Code)));
        await _test.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { Online = false });
        Assert.Equal(PhoneRefusal.PhoneOffline, Reason(await _test.Network.EnterPairCodeAsync(TestNetwork.Own, code.Code)));
    }

    [Fact]
    public async Task A_code_survives_a_restart_and_keeps_its_time()
    {
        var ticket = await _test.Network.ShowQrAsync(TestNetwork.Device);
        var lost = await _test.Network.ShowQrAsync(new DeviceKey("acme", "d2"));
        await _test.RestartAsync();

        Assert.IsType<PhoneOutcome.Paired>(await _test.Network.ScanAsync(TestNetwork.Own, ticket.Code));
        _test.Clock.Advance(TimeSpan.FromSeconds(60));
        await _test.Sink.NextAsync<DeviceEvent.PairingFailed>(device: new DeviceKey("acme", "d2"));
        Assert.Equal(PhoneRefusal.PairingCodeExpired, Reason(await _test.Network.ScanAsync(TestNetwork.Own, lost.Code)));
    }

    [Fact]
    public async Task Several_devices_linked_to_one_phone_all_hear_what_it_receives()
    {
        var second = new DeviceKey("acme", "d2");
        await _test.PairAsync();
        await _test.PairAsync(second);

        Assert.Equal(2, Assert.IsType<PhoneOutcome.Written>(await _test.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "hi")).Devices);
        var first = await _test.Sink.NextAsync<DeviceEvent.MessageReceived>(device: TestNetwork.Device);
        Assert.Equal(first, await _test.Sink.NextAsync<DeviceEvent.MessageReceived>(device: second));
    }

    [Fact]
    public async Task A_device_that_the_phone_removes_is_logged_out()
    {
        var paired = await _test.PairAsync();

        Assert.IsType<PhoneOutcome.Unlinked>(await _test.Network.UnlinkAsync(TestNetwork.Own, TestNetwork.Device.ToString()));
        await _test.Sink.NextAsync<DeviceEvent.LoggedOut>();
        Assert.IsType<ConnectOutcome.LoggedOut>(await _test.Network.ConnectAsync(TestNetwork.Device, paired.Credentials));
        Assert.Equal(
            PhoneRefusal.DeviceNotLinked, Reason(await _test.Network.UnlinkAsync(TestNetwork.Own, TestNetwork.Device.ToString())));
    }

    [Fact]
    public async Task A_banned_number_connects_again_only_when_the_ban_is_over()
    {
        var paired = await _test.PairAsync();
        var until = _test.Clock.GetUtcNow().AddHours(1);

        await _test.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { BannedUntil = until });
        Assert.Equal(until, (await _test.Sink.NextAsync<DeviceEvent.Banned>()).Until);
        Assert.Equal(
            until, Assert.IsType<ConnectOutcome.Banned>(await _test.Network.ConnectAsync(TestNetwork.Device, paired.Credentials)).Until);

        _test.Clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<ConnectOutcome.Connected>(await _test.Network.ConnectAsync(TestNetwork.Device, paired.Credentials));
    }

    private static PhoneRefusal Reason(PhoneOutcome outcome) => Assert.IsType<PhoneOutcome.Refused>(outcome).Reason;
}

using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Tests.Simulator;

public sealed class OwnershipTests : IAsyncLifetime
{
    private const string Old = "silo-1";
    private const string New = "silo-2";

    private readonly TestNetwork _test = TestNetwork.OnManualClock();
    private DeviceEvent.Paired _paired = null!;

    public async Task InitializeAsync()
    {
        var ticket = await _test.Network.ShowQrAsync(TestNetwork.Device, Old);
        await _test.Network.ScanAsync(TestNetwork.Own, ticket.Code);
        _paired = await _test.Sink.NextAsync<DeviceEvent.Paired>();
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_scanned_code_makes_a_link_for_who_asked_for_it()
    {
        Assert.IsType<SendOutcome.NotConnected>(await SendAsync(New));
        Assert.IsType<SendOutcome.Accepted>(await SendAsync(Old));
    }

    [Fact]
    public async Task A_code_that_outlived_a_restart_still_makes_a_link_for_who_asked_for_it()
    {
        var ticket = await _test.Network.ShowPairCodeAsync(TestNetwork.Device, TestNetwork.Own, New);
        await _test.RestartAsync();

        Assert.IsType<PhoneOutcome.Paired>(await _test.Network.EnterPairCodeAsync(TestNetwork.Own, ticket.Code));
        Assert.IsType<SendOutcome.Accepted>(await SendAsync(New));
    }

    [Fact]
    public async Task A_newer_connection_takes_the_link_over_and_the_old_one_can_do_nothing_with_it()
    {
        await ConnectAsync(New);

        Assert.IsType<SendOutcome.NotConnected>(await SendAsync(Old));
        Assert.False(await _test.Network.LogoutAsync(TestNetwork.Device, Old));
        _test.Network.Disconnect(TestNetwork.Device, Old);
        _test.Network.SetTyping(TestNetwork.Device, Jid.User(TestNetwork.Other), true, Old);
        Assert.IsType<SendOutcome.Accepted>(await SendAsync(New));
        Assert.DoesNotContain(await _test.LogAsync(), e => e.Kind == LogKind.Typing);
    }

    [Fact]
    public async Task A_link_that_was_taken_over_is_no_loss_to_its_device_and_is_in_the_log()
    {
        await ConnectAsync(New);
        await _test.FenceAsync();

        Assert.Empty(_test.Sink.Unread);
        var (closed, made) = (await LinesAsync(LogKind.Disconnected), await LinesAsync(LogKind.Connected));
        Assert.Equal((Old, "replaced by a newer connection"), (Assert.Single(closed).Connection, closed[0].Reason));
        Assert.Equal((New, closed[0].Seq + 1), (Assert.Single(made).Connection, made[0].Seq));
    }

    [Fact]
    public async Task Connecting_again_under_the_same_name_takes_nothing_over()
    {
        await ConnectAsync(Old);

        Assert.Empty(await LinesAsync(LogKind.Connected));
        Assert.IsType<SendOutcome.Accepted>(await SendAsync(Old));
    }

    [Fact]
    public async Task What_was_under_way_when_the_link_was_taken_over_never_arrives_and_a_lookup_of_it_waits_for_that()
    {
        _test.Network.ChangeFaults(new FaultsChange { LatencyMs = LatencyRange.Of(3000, 3000) });
        var message = _test.NewMessage();
        var late = _test.Network.SendAsync(TestNetwork.Device, message, Old);
        await _test.Clock.TimerArmed(TimeSpan.FromSeconds(3));
        _test.Network.ChangeFaults(new FaultsChange { LatencyMs = LatencyRange.Of(0, 0) });
        await ConnectAsync(New);
        var lookUp = _test.Network.LookUpAsync(TestNetwork.Device, message.ProviderId);
        Assert.False(lookUp.IsCompleted);
        _test.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.IsType<SendOutcome.Unknown>(await late);
        Assert.IsType<SendEvidence.NotTaken>(await lookUp);
        Assert.IsType<SendOutcome.Accepted>(await _test.Network.SendAsync(TestNetwork.Device, message, New));
        Assert.Equal(LogKind.Accepted, (await _test.LogOfAsync(message.ProviderId))[0]);
    }

    [Fact]
    public async Task After_a_restart_nobody_owns_the_link_until_somebody_connects()
    {
        await ConnectAsync(New);
        await _test.RestartAsync();

        Assert.IsType<SendOutcome.NotConnected>(await SendAsync(New));
        await ConnectAsync(Old);
        Assert.IsType<SendOutcome.Accepted>(await SendAsync(Old));
    }

    private async Task ConnectAsync(string connection) =>
        Assert.IsType<ConnectOutcome.Connected>(await _test.Network.ConnectAsync(TestNetwork.Device, _paired.Credentials, connection));

    private Task<SendOutcome> SendAsync(string connection) =>
        _test.Network.SendAsync(TestNetwork.Device, _test.NewMessage(), connection);

    private async Task<List<LogEntry>> LinesAsync(LogKind kind) => [.. (await _test.LogAsync()).Where(e => e.Kind == kind)];
}

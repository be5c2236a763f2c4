using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Tests.Simulator;

public sealed class RemoteTransportTests : IAsyncLifetime
{
    private static readonly DeviceKey Device = TestNetwork.Device;

    private readonly RecordingSink _sink = new();
    private SplitNetwork _split = null!;

    public async Task InitializeAsync() => _split = await SplitNetwork.StartAsync(_sink);

    public async Task DisposeAsync() => await _split.DisposeAsync();

    [Fact]
    public async Task A_zombie_silo_cannot_send_through_the_link_of_its_successor()
    {
        var (zombie, successor) = (_split.NewSilo(), _split.NewSilo());
        var paired = await _split.PairAsync(zombie, _sink);
        Assert.IsType<ConnectOutcome.Connected>(await successor.ConnectAsync(Device, paired.Credentials, default));

        Assert.IsType<SendOutcome.NotConnected>(await zombie.SendAsync(Device, NewMessage("3EB01"), default));
        Assert.False(await zombie.LogoutAsync(Device, default));
        await zombie.DisconnectAsync(Device, default);
        Assert.IsType<SendOutcome.Accepted>(await successor.SendAsync(Device, NewMessage("3EB02"), default));
        await _sink.NextAsync<DeviceEvent.Receipt>();
        Assert.DoesNotContain(_sink.All, e => e.Event is DeviceEvent.Disconnected);
    }

    [Fact]
    public async Task A_refusal_comes_as_the_network_said_it()
    {
        var silo = _split.NewSilo();
        await _split.PairAsync(silo, _sink);
        _split.Network.ChangeFaults(new FaultsChange { ErrorRate = 1 });

        var refused = Assert.IsType<SendOutcome.Refused>(await silo.SendAsync(Device, NewMessage("3EB01"), default));
        Assert.Equal(("throttled", true, TimeSpan.FromSeconds(1)), (refused.Failure.Code, refused.Failure.Retryable, refused.RetryAfter));
    }

    [Fact]
    public async Task A_ban_by_the_rules_reaches_a_silo_with_its_end()
    {
        var silo = _split.NewSilo();
        var paired = await _split.PairAsync(silo, _sink);
        _split.Network.ChangeRules(new RulesChange { Bans = true, StrangersPerDay = 0, NewChatCap = 1 });
        Assert.IsType<SendOutcome.Accepted>(await silo.SendAsync(Device, NewMessage("3EB01"), default));

        var banned = await _sink.NextAsync<DeviceEvent.Banned>();
        Assert.IsType<SendOutcome.NotConnected>(await silo.SendAsync(Device, NewMessage("3EB02"), default));
        Assert.Equal(banned.Until, Assert.IsType<ConnectOutcome.Banned>(await silo.ConnectAsync(Device, paired.Credentials, default)).Until);
        await _split.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { BannedUntil = DateTimeOffset.UtcNow });
        await silo.ConnectAsync(Device, paired.Credentials, default);
        Assert.Equal(0, (await _sink.NextAsync<DeviceEvent.Restricted>()).Remaining);
    }

    [Fact]
    public async Task While_the_network_is_down_nothing_leaves_and_silos_come_back_by_themselves()
    {
        var silo = _split.NewSilo();
        var paired = await _split.PairAsync(silo, _sink);
        var port = _split.Address.Port;
        await _split.StopSimulatorAsync();

        Assert.IsType<SendOutcome.NotConnected>(await silo.SendAsync(Device, NewMessage("3EB01"), default));
        Assert.IsType<ConnectOutcome.Failed>(await silo.ConnectAsync(Device, paired.Credentials, default));
        Assert.IsType<SendEvidence.Silent>(await silo.LookUpAsync(Device, "3EB01", default));
        await Assert.ThrowsAsync<TimeoutException>(() => silo.RequestQrAsync(Device, default));

        await _split.StartSimulatorAsync(port, _split.Gateway);
        await _sink.NextAsync<DeviceEvent.Disconnected>(); // those that only listen learn of it too
        Assert.IsType<SendOutcome.NotConnected>(await silo.SendAsync(Device, NewMessage("3EB01"), default));
        Assert.IsType<ConnectOutcome.Connected>(await silo.ConnectAsync(Device, paired.Credentials, default));
        Assert.IsType<SendOutcome.Accepted>(await silo.SendAsync(Device, NewMessage("3EB01"), default));
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_call_its_send_back_and_a_lookup_waits_for_it()
    {
        var silo = _split.NewSilo();
        await _split.PairAsync(silo, _sink);
        _split.Network.ChangeFaults(new FaultsChange { LatencyMs = LatencyRange.Of(200, 200) });
        using var giveUp = new CancellationTokenSource();
        var send = silo.SendAsync(Device, NewMessage("3EB01"), giveUp.Token);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send);
        Assert.IsType<SendEvidence.Taken>(await silo.LookUpAsync(Device, "3EB01", default));
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_request_leaves_the_outcome_unknown()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var silo = _split.NewSilo(address: new Uri($"http://{listener.LocalEndpoint}"));
        var send = silo.SendAsync(Device, NewMessage("3EB01"), default);
        using (var connection = await listener.AcceptSocketAsync())
        {
            await connection.ReceiveAsync(new byte[64 * 1024]);
            connection.Close(timeout: 0); // as when the process is killed
        }

        Assert.IsType<SendOutcome.Unknown>(await send);
    }

    [Fact]
    public async Task A_wrong_token_is_told_and_nothing_leaves()
    {
        var silo = _split.NewSilo("not the secret of these tests");
        var paired = await _split.PairAsync(_split.NewSilo(), _sink);

        Assert.Contains(
            "Wuts:Simulator:Token",
            Assert.IsType<ConnectOutcome.Failed>(await silo.ConnectAsync(Device, paired.Credentials, default)).Reason,
            StringComparison.Ordinal);
        Assert.IsType<SendOutcome.NotConnected>(await silo.SendAsync(Device, NewMessage("3EB01"), default));
        Assert.IsType<SendEvidence.Silent>(await silo.LookUpAsync(Device, "3EB01", default));
        Assert.Empty((await _split.Network.ReadLogAsync(0, 1000, new LogFilter(LogKind.Accepted))).Entries);
    }

    [Theory]
    [InlineData("send", "{", "body")]
    [InlineData("send", """{"device":"acme/d1"}""", "body")]
    [InlineData("send", """{"device":"acme","connection":"c","provider_id":"1","chat_jid":"x","content":{"kind":"text","text":"t","mentioned":[]}}""", "device")]
    [InlineData("send", """{"device":"acme/d1","connection":"c","provider_id":"1","chat_jid":"x","content":{"kind":"hologram"}}""", "content")]
    [InlineData("connect", """{"device":"acme/d1","connection":"c","credentials":7}""", "credentials")]
    [InlineData("look-up", """{"device":"acme/d1","provider_id":null}""", "provider_id")]
    [InlineData("typing", "null", "body")]
    public async Task A_malformed_request_is_refused_by_the_name_of_its_field(string action, string json, string field)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ProcessHost.Token) } };
        using var response = await http.PostAsync(
            new Uri(_split.Address, $"simulator/transport/{action}"), new StringContent(json, Encoding.UTF8, "application/json"));
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(field, body.GetProperty("validation")[0].GetProperty("field").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer not the secret of these tests")]
    [InlineData("Basic a shared secret for tests")]
    public async Task Without_the_token_nobody_gets_in(string? authorization)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using var response = await http.PostAsync(new Uri(_split.Address, "simulator/transport/qr"), new StringContent("{}"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    private static OutboundMessage NewMessage(string id) => new(id, Jid.User(TestNetwork.Other), new TextContent("olá", []));
}

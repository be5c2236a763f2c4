using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Testing;

namespace Wuts.Transports.Tests.Simulator;

/// <summary>How events get from the network's process to those of the gateways.</summary>
public sealed class EventsOverHttpTests : IAsyncLifetime
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Uri NobodyThere = new("http://127.0.0.1:1");

    private readonly RecordingSink _sink = new();
    private readonly List<IAsyncDisposable> _processes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_gateway_that_is_down_is_passed_over_for_the_next()
    {
        var split = await StartAsync(NobodyThere, (await GatewayAsync()).Address);

        await split.PairAsync(split.NewSilo(), _sink);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_passed_over_after_ten_seconds_and_then_avoided()
    {
        using var frozen = new TcpListener(IPAddress.Loopback, 0);
        frozen.Start();
        var clock = new ManualTimeProvider();
        var split = await StartAsync(clock, new Uri($"http://{frozen.LocalEndpoint}"), (await GatewayAsync()).Address);
        var ticket = await split.NewSilo().RequestQrAsync(TestNetwork.Device, default);
        await split.Network.ScanAsync(TestNetwork.Own, ticket.Code);

        await clock.TimerArmed(TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(10));
        await _sink.NextAsync<DeviceEvent.Paired>();
        for (var i = 0; i < 4; i++)
        {
            await split.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "hi");
            await _sink.NextAsync<DeviceEvent.MessageReceived>(); // whosever turn it is, without the clock moving
        }
    }

    [Fact]
    public async Task A_gateway_that_refuses_the_token_is_passed_over()
    {
        var stranger = await SplitNetwork.StartGatewayAsync(_sink, ("Token", "not the secret of these tests"));
        _processes.Add(stranger);
        var split = await StartAsync(stranger.Address, (await GatewayAsync()).Address);

        await split.PairAsync(split.NewSilo(), _sink);
        Assert.Single(_sink.All);
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_comes_again()
    {
        var silent = await ScriptedAsync(async http =>
        {
            await _sink.HandleAsync(TestNetwork.Device, [new DeviceEvent.PairingFailed("seen first here", At)], default);
            http.Abort();
        });
        var split = await StartAsync(silent.Address, (await GatewayAsync()).Address);
        await split.PairAsync(split.NewSilo(), _sink);

        await _sink.NextAsync<DeviceEvent.PairingFailed>();
    }

    [Fact]
    public async Task An_answer_that_is_no_success_acknowledges_nothing()
    {
        var elsewhere = await ScriptedAsync(http =>
        {
            http.Response.Redirect("http://127.0.0.1:1/simulator/events");
            return Task.CompletedTask;
        });
        var split = await StartAsync(elsewhere.Address);
        var ticket = await split.NewSilo().RequestQrAsync(TestNetwork.Device, default);
        await split.Network.ScanAsync(TestNetwork.Own, ticket.Code);
        await split.StopSimulatorAsync();

        await split.StartSimulatorAsync(port: 0, (await GatewayAsync()).Address);
        await _sink.NextAsync<DeviceEvent.Paired>();
    }

    [Fact]
    public async Task Events_travel_in_the_shapes_that_other_versions_know()
    {
        var bodies = new List<string>();
        var gateway = await ScriptedAsync(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            bodies.Add(await reader.ReadToEndAsync());
            await _sink.HandleAsync(TestNetwork.Device, [new DeviceEvent.PairingFailed("read", At)], default);
        });
        var split = await StartAsync(new ManualTimeProvider(At), gateway.Address);
        var ticket = await split.NewSilo().RequestQrAsync(TestNetwork.Device, default);
        await split.Network.ScanAsync(TestNetwork.Own, ticket.Code);
        await _sink.NextAsync<DeviceEvent.PairingFailed>();
        await split.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "olá");
        await _sink.NextAsync<DeviceEvent.PairingFailed>();

        Assert.Matches(
            """^{"device":"acme/d1","events":\[{"kind":"paired","jid":"5511999990001@s.whatsapp.net","credentials":"[^"]+","at":"2030-01-01T12:00:00\+00:00"}]}$""",
            bodies[0]);
        Assert.Matches(
            """^{"device":"acme/d1","events":\[{"kind":"message_received","message":{"id":"3A[0-9A-F]+","from_jid":"5511999990002@s.whatsapp.net","chat_jid":"5511999990002@s.whatsapp.net","to_jid":"5511999990001@s.whatsapp.net","text":"olá","push_name":null,"at":"2030-01-01T12:00:00\+00:00"}}]}$""",
            bodies[1]);
    }

    public static TheoryData<string, DeviceEvent> Shapes => new()
    {
        { """{"kind":"receipt","provider_id":"3EB01","event":{"stage":"Read","at":"2030-01-01T12:00:00Z","failure":null}}""", new DeviceEvent.Receipt("3EB01", new DeliveryEvent(DeliveryStage.Read, At)) },
        { """{"jid":"1@s.whatsapp.net","credentials":"c","at":"2030-01-01T12:00:00Z","kind":"paired","later":1}""", new DeviceEvent.Paired("1@s.whatsapp.net", "c", At) },
        { """{"kind":"pairing_failed","reason":"r","at":"2030-01-01T12:00:00Z"}""", new DeviceEvent.PairingFailed("r", At) },
        { """{"kind":"disconnected","reason":"r","at":"2030-01-01T12:00:00Z"}""", new DeviceEvent.Disconnected("r", At) },
        { """{"kind":"logged_out","reason":"r","at":"2030-01-01T12:00:00Z"}""", new DeviceEvent.LoggedOut("r", At) },
        { """{"kind":"banned","reason":"r","until":null,"at":"2030-01-01T12:00:00Z"}""", new DeviceEvent.Banned("r", null, At) },
        { """{"kind":"quality_changed","rating":"Yellow","at":"2030-01-01T12:00:00Z"}""", new DeviceEvent.QualityChanged(QualityRating.Yellow, At) },
        { """{"kind":"restricted","restriction":"NewChats","until":"2030-01-01T12:00:00Z","at":"2030-01-01T12:00:00Z","remaining":5}""", new DeviceEvent.Restricted(RestrictionKind.NewChats, At, At, 5) },
        { """{"kind":"restricted","restriction":"ReachOut","until":null,"at":"2030-01-01T12:00:00Z"}""", new DeviceEvent.Restricted(RestrictionKind.ReachOut, null, At) },
        { """{"kind":"message_received","message":{"id":"i","from_jid":"f","chat_jid":"c","to_jid":"t","text":"x","push_name":null,"at":"2030-01-01T12:00:00Z"}}""", new DeviceEvent.MessageReceived(new InboundMessage("i", "f", "c", "t", "x", null, At)) },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_gateway_understands_each_kind_of_event(string json, DeviceEvent expected)
    {
        var gateway = await GatewayAsync();
        using var response = await PostAsync(gateway, $$"""{"device":"acme/d1","events":[{{json}}]}""");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal((TestNetwork.Device, expected), Assert.Single(_sink.All));
    }

    [Theory]
    [InlineData("""{"device":"acme/d1","events":[{"kind":"teleported"}]}""", "events[0]")]
    [InlineData("""{"device":"acme/d1","events":[{"at":"2030-01-01T12:00:00Z"}]}""", "events[0]")]
    [InlineData("""{"device":"acme/d1","events":[{"kind":"paired"}]}""", "events[0]")]
    [InlineData("""{"device":"acme/d1","events":null}""", "events")]
    [InlineData("""{"device":"","events":[]}""", "device")]
    [InlineData("[", "body")]
    public async Task What_a_gateway_does_not_understand_is_refused_by_the_name_of_its_field(string json, string field)
    {
        using var response = await PostAsync(await GatewayAsync(), json);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(field, body.GetProperty("validation")[0].GetProperty("field").GetString(), StringComparison.Ordinal);
        Assert.Empty(_sink.All);
    }

    [Fact]
    public async Task Events_that_cannot_be_handled_now_are_asked_for_again()
    {
        var gateway = await GatewayAsync();
        _ = _sink.Fail();
        using var response = await PostAsync(gateway, """{"device":"acme/d1","events":[]}""");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (response.StatusCode, response.Headers.RetryAfter?.ToString()));
    }

    [Fact]
    public async Task A_stranger_brings_no_events()
    {
        using var response = await PostAsync(await GatewayAsync(), """{"device":"acme/d1","events":[]}""", "not the secret of these tests");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_body_beyond_eight_megabytes_is_refused()
    {
        using var response = await PostAsync(await GatewayAsync(), new string(' ', 8 * 1024 * 1024 + 1));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(ProcessHost gateway, string json, string token = ProcessHost.Token)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        return await http.PostAsync(new Uri(gateway.Address, "simulator/events"), new StringContent(json, Encoding.UTF8, "application/json"));
    }

    private async Task<ProcessHost> GatewayAsync()
    {
        var gateway = await SplitNetwork.StartGatewayAsync(_sink);
        _processes.Add(gateway);
        return gateway;
    }

    private async Task<ProcessHost> ScriptedAsync(RequestDelegate handle)
    {
        var gateway = await ProcessHost.StartAsync((_, _) => { }, app => app.MapPost("/simulator/events", handle));
        _processes.Add(gateway);
        return gateway;
    }

    private Task<SplitNetwork> StartAsync(params Uri[] gateways) => StartAsync(TimeProvider.System, gateways);

    private async Task<SplitNetwork> StartAsync(TimeProvider clock, params Uri[] gateways)
    {
        var split = new SplitNetwork(clock);
        _processes.Add(split);
        await split.StartSimulatorAsync(port: 0, gateways);
        return split;
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Api.Tests.Support;
using Wuts.Server;

namespace Wuts.Api.Tests.Live;

/// <summary>The whole process as it is put together for production, in role all: SQLite in a folder of its own, the simulator, loopback.</summary>
public sealed class LiveServer : IAsyncLifetime
{
    public const string MetricsToken = "the-metrics-token-of-these-tests";
    public const string MasterToken = "the-master-token-of-these-tests";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("wuts-api-tests-");
    private WebApplication _app = null!;
    private int _count;

    public ApiClient Client { get; private set; } = null!;

    public ApiClient Master => Client.As(MasterToken);

    public Receiver Receiver { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Receiver = await Receiver.StartAsync();
        _app = WutsServer.Build(
        [
            $"--Wuts:DataPath={_data.FullName}", "--Wuts:Urls=http://127.0.0.1:0", "--Wuts:Simulator:Enabled=true", $"--Wuts:MasterToken={MasterToken}",
            "--Wuts:Webhooks:AllowPrivateTargets=true", $"--Wuts:Telemetry:MetricsToken={MetricsToken}",
            "--Wuts:Tiers:trial:MessagesPerDay=3", "--Wuts:Tiers:trial:Devices=1", "--Wuts:Tiers:trial:Weight=2",
        ]);
        await _app.StartAsync();
        Client = new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
        var quick = new { min = 0, max = 5 };
        (await Client.Send(HttpMethod.Put, "/simulator/faults", ApiClient.Json(System.Text.Json.JsonSerializer.Serialize(
            new { latency_ms = quick, receipt_latency_ms = quick, read_latency_ms = quick })))).Is(HttpStatusCode.OK);
    }

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Receiver.DisposeAsync();
        _data.Delete(recursive: true);
    }

    /// <summary>A phone number that no other test uses.</summary>
    public string NewNumber() => $"55119{Interlocked.Increment(ref _count):D8}";

    /// <summary>A tenant of its own, and its admin.</summary>
    public async Task<ApiClient> NewTenant()
    {
        var name = $"tenant-{Interlocked.Increment(ref _count)}";
        var reply = await Master.Post("/register", new { tenant_name = name, email = $"{name}@example.com", password = "correct horse" });
        return Client.As(reply.Is(HttpStatusCode.Created).Text("token"));
    }

    /// <summary>A device of this caller with a webhook for all events to <see cref="Receiver"/>, not paired yet.</summary>
    public async Task<string> NewDevice(ApiClient caller)
    {
        var id = (await caller.Post("/devices", new { name = "a device" })).Is(HttpStatusCode.Created).Text("device.id");
        (await caller.Post($"/webhook?device_id={id}", new Dictionary<string, object>
        {
            ["webhook_url"] = Receiver.UrlOf(id), ["enabled_events"] = (string[])["*"], ["secret"] = "tenants secret",
        })).Is(HttpStatusCode.OK);
        return id;
    }

    /// <summary>A device that a phone has paired by QR, and its number.</summary>
    public async Task<(string Id, string Number)> NewConnectedDevice(ApiClient caller)
    {
        var id = await NewDevice(caller);
        var number = NewNumber();
        var code = (await caller.Get($"/qr?device_id={id}")).Is(HttpStatusCode.OK).Text("data.qr_code");
        await Client.Post("/simulator/phones", new { number });
        (await Client.Post($"/simulator/phones/{number}/scan", new { qr_code = code })).Is(HttpStatusCode.OK);
        await Receiver.Next(id, "device.connected");
        return (id, number);
    }
}

[CollectionDefinition(Name)]
public sealed class Live : ICollectionFixture<LiveServer>
{
    public const string Name = "live server";
}

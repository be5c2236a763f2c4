using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Wuts.Benchmarks.Databases;
using Wuts.Server;

namespace Wuts.Benchmarks.Load;

/// <summary>A device that a client sends with.</summary>
internal sealed record SendingDevice(string Id, string Token);

/// <summary>
/// The real server on a new database, in this process or as a cluster of its own, with its real HTTP stack on loopback, and in it, made
/// over its HTTP API: tenants, paired and connected devices with a signed webhook each, and recipients whose phones report delivered,
/// read and played.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    private const int DevicesOfTenant = 5;
    private const int RecipientCount = 300;
    public const string MasterToken = "benchmark-master-token";

    private static readonly string[] Events = ["message.sent", "message.delivered", "message.read", "message.played"];

    private readonly IAsyncDisposable _host;

    private Installation(IAsyncDisposable host, Uri address, Uri network) => (_host, Address, Network) = (host, address, network);

    public Uri Address { get; }

    /// <summary>Where the simulated network is told what to do.</summary>
    public Uri Network { get; }

    public List<SendingDevice> Devices { get; } = [];

    /// <summary>A send to each recipient, as it goes over the wire.</summary>
    public List<byte[]> Bodies { get; } = [];

    public static async Task<Installation> StartAsync(BenchmarkDatabase database, string folder, int devices, string webhookUrl) =>
        await StartAsync(database.Provider, await database.CreateAsync(), folder, devices, webhookUrl);

    /// <param name="settings">More of the server's settings, as on its command line.</param>
    public static async Task<Installation> StartAsync(
        string provider, string connectionString, string folder, int devices, string webhookUrl, params string[] settings)
    {
        var server = WutsServer.Build(
        [
            $"--Wuts:DataPath={folder}",
            "--Wuts:Urls=http://127.0.0.1:0",
            $"--Wuts:MasterToken={MasterToken}",
            "--Wuts:Simulator:Enabled=true",
            "--Wuts:Webhooks:AllowPrivateTargets=true",
            $"--Wuts:Storage:Provider={provider}",
            $"--Wuts:Storage:ConnectionString={connectionString}",
            "--Logging:LogLevel:Default=Error",
            "--Logging:LogLevel:Wuts=Error",
            .. settings,
        ]);
        await server.StartAsync();
        var address = new Uri(server.Urls.First());
        var installation = new Installation(server, address, address);
        await installation.SetUpAsync(devices, webhookUrl);
        return installation;
    }

    /// <param name="cluster">Disposed with the installation.</param>
    public static async Task<Installation> StartAsync(ClusterProcesses cluster, int devices, string webhookUrl)
    {
        var installation = new Installation(cluster, cluster.Gateway, cluster.Network);
        await installation.SetUpAsync(devices, webhookUrl);
        return installation;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IHost server)
        {
            await server.StopAsync();
        }

        await _host.DisposeAsync();
    }

    private async Task SetUpAsync(int devices, string webhookUrl)
    {
        using var api = new SetUpClient(Address);
        using var network = new SetUpClient(Network);
        await network.PutAsync("/simulator/faults", new
        {
            latency_ms = new { min = 5, max = 5 },
            receipt_latency_ms = new { min = 1, max = 5 },
            read_latency_ms = new { min = 1, max = 5 },
        });
        for (var i = 0; i < RecipientCount; i++)
        {
            var number = Number("551191", i);
            await network.PostAsync("/simulator/phones", new { number });
            await network.PutAsync($"/simulator/phones/{number}/state", new { plays = true });
            Bodies.Add(JsonSerializer.SerializeToUtf8Bytes(new { number, text = "Your order is on its way. Reply 1 to change its time.", typingDuration = 0 }));
        }

        var token = "";
        for (var i = 0; i < devices; i++)
        {
            if (i % DevicesOfTenant == 0)
            {
                var tenant = new { tenant_name = Number("tenant", i), email = "bench@example.com", password = "not used to sign in" };
                token = (string)(await api.PostAsync("/register", tenant, MasterToken))["token"]!;
            }

            Devices.Add(await AddDeviceAsync(api, network, token, Number("551192", i), webhookUrl));
        }
    }

    private static async Task<SendingDevice> AddDeviceAsync(SetUpClient api, SetUpClient network, string token, string number, string webhookUrl)
    {
        var device = (string)(await api.PostAsync("/devices", new { name = number }, token))["device"]!["id"]!;
        var qrCode = (string)(await api.GetAsync("/qr", token, device))["data"]!["qr_code"]!;
        await network.PostAsync("/simulator/phones", new { number });
        await network.PostAsync($"/simulator/phones/{number}/scan", new { qr_code = qrCode });
        while (!(bool)(await api.GetAsync("/status", token, device))["data"]!["connected"]!)
        {
            await Task.Delay(10); // the phone's word is on its way to the device
        }

        await api.PutAsync($"/devices/{device}/warm-up", new { enabled = false }, token); // its recipients are more strangers than a new number may write to
        await api.PostAsync("/webhook", new { webhook_url = webhookUrl, enabled_events = Events, secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }, token, device);
        return new(device, token);
    }

    private static string Number(string prefix, int number) => prefix + number.ToString("D7", CultureInfo.InvariantCulture);
}

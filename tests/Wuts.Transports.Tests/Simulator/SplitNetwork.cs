using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Devices;
using Wuts.Transports.Simulator;
using Wuts.Transports.Simulator.Control;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Tests.Simulator;

/// <summary>The network in a process of its own, as in a cluster, and any number of silos: apart, with HTTP over loopback between them.</summary>
internal sealed class SplitNetwork(TimeProvider clock) : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"wuts-split-{Guid.NewGuid():N}");
    private readonly List<IAsyncDisposable> _others = [];
    private ProcessHost _simulator = null!;

    public Uri Address => _simulator.Address;

    /// <summary>The gateway of <see cref="StartAsync"/>.</summary>
    public Uri Gateway { get; private set; } = null!;

    public SimulatedNetwork Network => _simulator.Services.GetRequiredService<SimulatedNetwork>();

    /// <summary>With one gateway, which brings events to a sink.</summary>
    public static async Task<SplitNetwork> StartAsync(IDeviceEventSink sink)
    {
        var split = new SplitNetwork(TimeProvider.System);
        var gateway = await StartGatewayAsync(sink);
        split._others.Add(gateway);
        split.Gateway = gateway.Address;
        await split.StartSimulatorAsync(port: 0, gateway.Address);
        return split;
    }

    public static Task<ProcessHost> StartGatewayAsync(IDeviceEventSink sink, params (string Key, string? Value)[] settings) => ProcessHost.StartAsync(
        (services, configuration) => services.AddRemoteSimulator(configuration).AddSingleton(sink),
        app => app.MapSimulatorEvents(),
        settings: [("Url", "http://127.0.0.1:1"), .. settings]);

    /// <summary>Starts the network over its folder.</summary>
    /// <param name="port">0 for a free one.</param>
    public async Task StartSimulatorAsync(int port, params Uri[] gateways)
    {
        _simulator = await ProcessHost.StartAsync(
            (services, configuration) => services.AddSingleton(clock).AddSimulatorNetwork(configuration),
            app =>
            {
                app.MapSimulator();
                app.MapSimulatorTransport();
            },
            port,
            ("Folder", _folder),
            ("Events", string.Join(';', (object[])gateways)));
        Network.ChangeFaults(new FaultsChange
        {
            LatencyMs = LatencyRange.Of(0, 0),
            ReceiptLatencyMs = LatencyRange.Of(0, 0),
            ReadLatencyMs = LatencyRange.Of(0, 0),
        });
    }

    public async Task StopSimulatorAsync() => await _simulator.DisposeAsync();

    /// <summary>A transport as a silo of its own has it.</summary>
    public IDeviceTransport NewSilo(string token = ProcessHost.Token, Uri? address = null) =>
        NewServices(token, address ?? Address).GetRequiredService<IDeviceTransport>();

    public ISimulatedPhones NewPhones() => NewServices(ProcessHost.Token, Address).GetRequiredService<ISimulatedPhones>();

    public async Task<DeviceEvent.Paired> PairAsync(IDeviceTransport silo, RecordingSink sink)
    {
        var ticket = await silo.RequestQrAsync(TestNetwork.Device, default);
        Assert.IsType<PhoneOutcome.Paired>(await Network.ScanAsync(TestNetwork.Own, ticket.Code));
        return await sink.NextAsync<DeviceEvent.Paired>();
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        foreach (var other in _others)
        {
            await other.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private ServiceProvider NewServices(string token, Uri address)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Wuts:Simulator:Url"] = address.ToString(),
            ["Wuts:Simulator:Token"] = token,
        }).Build();
        var services = new ServiceCollection().AddRemoteSimulator(configuration).BuildServiceProvider();
        _others.Add(services);
        return services;
    }
}

using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.InProcess;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>
/// A silo and a client in the test's process. On this engine there is exactly one silo; restarting it gives a new host, set
/// up in the same way, that the same client goes on to.
/// </summary>
public sealed class InProcessTestCluster : IAsyncDisposable, IDisposable
{
    private readonly Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>[] _configureSilo;
    private readonly Action<IHostApplicationBuilder>[] _configureClient;
    private readonly List<InProcessSiloHandle> _silos = [];
    private IHost? _clientHost;
    private CallSender? _sender;
    private IClusterClient? _client;

    internal InProcessTestCluster(
        InProcessTestClusterOptions options,
        Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>[] configureSilo,
        Action<IHostApplicationBuilder>[] configureClient)
    {
        Options = options;
        _configureSilo = configureSilo;
        _configureClient = configureClient;
    }

    public InProcessTestClusterOptions Options { get; }

    /// <summary>The running silo; empty when it is stopped.</summary>
    public ReadOnlyCollection<InProcessSiloHandle> Silos => _silos.AsReadOnly();

    public IClusterClient Client => _client ?? throw new InvalidOperationException("The cluster is not deployed.");

    public IServiceProvider GetSiloServiceProvider() => _silos.Count > 0 ? _silos[0].ServiceProvider : throw new InvalidOperationException("The silo is not running.");

    public async Task DeployAsync()
    {
        if (_clientHost is not null)
        {
            throw new InvalidOperationException("The cluster is deployed already.");
        }

        await StartSilo();
        await StartClient();
    }

    /// <exception cref="NotSupportedException">Always: this engine has one silo.</exception>
    public Task<InProcessSiloHandle> StartAdditionalSiloAsync() => _silos.Count == 0
        ? StartSilo()
        : throw new NotSupportedException("This engine is no cluster: it has one silo. Test clusters with the orleans engine.");

    public async Task StopSiloAsync(InProcessSiloHandle instance)
    {
        await instance.StopSiloAsync(stopGracefully: true);
        _silos.Remove(instance);
        _sender?.RejectAll();
    }

    /// <summary>Ends the silo as a crash would: grains run no more turns, wherever they are, and are not deactivated.</summary>
    public async Task KillSiloAsync(InProcessSiloHandle instance)
    {
        await instance.StopSiloAsync(stopGracefully: false);
        _silos.Remove(instance);
        _sender?.RejectAll();
    }

    public async Task<InProcessSiloHandle?> RestartSiloAsync(InProcessSiloHandle instance)
    {
        await StopSiloAsync(instance);
        await instance.DisposeAsync();
        return await StartSilo();
    }

    public async Task StopAllSilosAsync()
    {
        foreach (var silo in _silos.ToArray())
        {
            await StopSiloAsync(silo);
        }
    }

    /// <summary>Completes when the grain has no activation (any more).</summary>
    public Task WaitForDeactivationAsync(IAddressable grain) =>
        GetSiloServiceProvider().GetRequiredService<Silo>().Catalog.Find(grain.GetGrainId())?.Deactivated ?? Task.CompletedTask;

    public Task DeactivateAsync(IAddressable grain)
    {
        var activation = GetSiloServiceProvider().GetRequiredService<Silo>().Catalog.Find(grain.GetGrainId());
        activation?.Deactivate(new(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateAsync)} was called."));
        return activation?.Deactivated ?? Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        var silos = _silos.ToArray();
        await StopAllSilosAsync();
        foreach (var silo in silos)
        {
            await silo.DisposeAsync();
        }

        _sender?.Dispose();
        _clientHost?.Dispose();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task<InProcessSiloHandle> StartSilo()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = Options.ClusterId });
        builder.UseOrleans();
        builder.Services.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = Options.ClusterId;
            cluster.ServiceId = Options.ServiceId;
        });
        var options = new InProcessTestSiloSpecificOptions { SiloName = $"Silo_{_silos.Count}" };
        foreach (var configure in _configureSilo)
        {
            configure(options, builder);
        }

        var host = builder.Build();
        await host.StartAsync();
        var handle = new InProcessSiloHandle(options.SiloName, host);
        _silos.Add(handle);
        return handle;
    }

    private async Task StartClient()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = Options.ClusterId });
        foreach (var configure in _configureClient)
        {
            configure(builder);
        }

        builder.Services.AddOptions();
        builder.Services.AddSingleton(_ => Client);
        builder.Services.AddSingleton<IGrainFactory>(_ => Client);
        _clientHost = builder.Build();
        var services = _clientHost.Services;
        _sender = new(
            services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value,
            services.GetKeyedService<TimeProvider>(TimeProviderNames.Messaging) ?? services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetServices<IOutgoingGrainCallFilter>,
            () => _silos.FirstOrDefault()?.ServiceProvider.GetRequiredService<Silo>(),
            route: null,
            services.GetService<CallTracing>());
        _client = new GrainFactory(services, _sender);
        _sender.Start();
        await _clientHost.StartAsync();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.TestingHost;
using Wuts.Testing;

namespace Orleans.InProcess.Tests.Support;

/// <summary>A silo whose grain timers and reminders follow a clock that the test moves. All else follows the system's.</summary>
public class SiloFixture : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    public ManualTimeProvider Clock { get; } = new();

    public Probe Probe { get; } = new();

    public InProcessTestCluster Cluster => _cluster!;

    /// <summary>The silo's own grain factory: calls through it stay in the process on both engines.</summary>
    public IGrainFactory Grains => Cluster.GetSiloServiceProvider().GetRequiredService<IGrainFactory>();

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(Probe);
            silo.AddMemoryGrainStorageAsDefault();
            Configure(silo);
        });
        builder.ConfigureClient(Configure);
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>A key that no other test uses.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("N");

    protected virtual void Configure(ISiloBuilder silo)
    {
        silo.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
        silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
        silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, Clock);
        silo.UseInMemoryReminderService();
    }

    protected virtual void Configure(IClientBuilder client)
    {
    }
}

/// <summary>The silo that most tests share.</summary>
[CollectionDefinition(Name)]
public sealed class SharedSilo : ICollectionFixture<SiloFixture>
{
    public const string Name = "shared silo";
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Grains;
using Wuts.Grains.Devices;
using Wuts.Grains.Hosting;
using Wuts.Simulation.Checking;
using Wuts.Simulation.Internet;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;
using Wuts.Simulation.Variants;
using Wuts.Storage;
using Wuts.Storage.Writing;
using Wuts.Testing.Memory;
using Wuts.Transports;
using Wuts.Webhooks;

namespace Wuts.Simulation.World;

/// <summary>What is in a silo: the product, on simulated storage, network and internet.</summary>
internal sealed class SiloSetup(
    Database database, WhatsApp network, Receivers receivers, FaultPlan faults, CommitLog commits, Limits limits, PoolLog pool, Random chance, Journal journal, Variant variant)
{
    /// <summary>The cluster of these silos, once there is one.</summary>
    public SimulatedCluster Cluster { get; set; } = null!;

    public void Configure(SimulatedNode node, ISiloBuilder silo)
    {
        var services = silo.Services;
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging(logging => logging.AddProvider(new JournalLogs(node, journal)));
        services.AddWebhooks();
        services.Replace(ServiceDescriptor.Singleton(new GuardedHttpClient(new WebhookOptions(), variant.NewInternet(receivers))));
        services.AddSingleton<ISweepShare>(new SimulatedShare(Cluster, node));
        services.AddWutsGrains();
        services.Configure<SendingOptions>(options => options.OverdueAfter = TimeSpan.FromHours(1));
        services.Replace(ServiceDescriptor.Singleton<IChance>(new SeededChance(chance.Next())));
        services.AddSingleton<ISecretProtector, PlainSecrets>();
        services.AddSingleton<IFlushTarget>(new SimulatedFlushTarget(database, node, faults, commits));
        services.AddSingleton(provider => new BatchWriter(
            provider.GetRequiredService<IFlushTarget>(),
            provider.GetRequiredService<IOptions<BatchWriterOptions>>(),
            provider.GetRequiredService<ILogger<BatchWriter>>(),
            provider.GetService<IOutboxListener>(),
            node.NewQueue()));
        services.AddSingleton<MemoryConnection>(provider => new SimulatedConnection(database, provider.GetRequiredService<BatchWriter>()));
        services.AddMemoryStores(database.Tables);
        services.AddSingleton<IDeviceTransport>(new SimulatedTransport(network, node));
        limits.Configure(services);
        silo.AddIncomingGrainCallFilter(call => pool.Watch(call, node.Clock, () => Cluster.Silos.Any(known => known.Node == node)));
        variant.Configure(silo, node, network);
    }
}

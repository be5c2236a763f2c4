using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Orleans.TestingHost;

/// <summary>Sets up a <see cref="InProcessTestCluster"/>.</summary>
public sealed class InProcessTestClusterBuilder
{
    private readonly List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> _silo = [];
    private readonly List<Action<IHostApplicationBuilder>> _client = [];

    public InProcessTestClusterBuilder()
        : this(1)
    {
    }

    /// <exception cref="NotSupportedException">More than one silo is asked for.</exception>
    public InProcessTestClusterBuilder(short initialSilosCount)
    {
        if (initialSilosCount != 1)
        {
            throw new NotSupportedException($"{initialSilosCount} silos were asked for. This engine is no cluster: it has one. Test clusters with the orleans engine.");
        }

        Options = new()
        {
            ClusterId = $"testcluster-{Guid.NewGuid():N}",
            ServiceId = Guid.NewGuid().ToString("N"),
            InitialSilosCount = initialSilosCount,
        };
    }

    public InProcessTestClusterOptions Options { get; }

    public InProcessTestClusterBuilder ConfigureHost(Action<IHostApplicationBuilder> configureDelegate)
    {
        _silo.Add((_, host) => configureDelegate(host));
        _client.Add(configureDelegate);
        return this;
    }

    public InProcessTestClusterBuilder ConfigureSilo(Action<InProcessTestSiloSpecificOptions, ISiloBuilder> configureSiloDelegate)
    {
        _silo.Add((options, host) => host.UseOrleans(silo => configureSiloDelegate(options, silo)));
        return this;
    }

    public InProcessTestClusterBuilder ConfigureSiloHost(Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder> configureSiloHostDelegate)
    {
        _silo.Add(configureSiloHostDelegate);
        return this;
    }

    public InProcessTestClusterBuilder ConfigureClient(Action<IClientBuilder> configureClientDelegate)
    {
        _client.Add(host => configureClientDelegate(new ClientBuilder(host.Services, host.Configuration)));
        return this;
    }

    public InProcessTestClusterBuilder ConfigureClientHost(Action<IHostApplicationBuilder> configureHostDelegate)
    {
        _client.Add(configureHostDelegate);
        return this;
    }

    public InProcessTestCluster Build() => new(Options, [.. _silo], [.. _client]);
}

/// <summary>What a test cluster is called.</summary>
public sealed class InProcessTestClusterOptions
{
    public string ClusterId { get; set; } = null!;

    public string ServiceId { get; set; } = null!;

    public short InitialSilosCount { get; set; }
}

/// <summary>What is particular to a silo of a test cluster.</summary>
public sealed class InProcessTestSiloSpecificOptions
{
    public string SiloName { get; set; } = null!;
}

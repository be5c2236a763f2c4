using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.InProcess.Simulation;
using Wuts.Grains.Hosting;
using Wuts.Simulation.Clients;
using Wuts.Transports;

namespace Wuts.Simulation.World;

/// <summary>The silos and front ends of a world, and what may happen to them.</summary>
internal sealed class Fleet(Orleans.InProcess.Simulation.Simulation simulation, SimulatedCluster cluster, SimulatedNode driver, Random chance, Journal journal)
{
    private const int Silos = 3;
    private const int Gateways = 2;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30); // as a host gives

    private readonly List<Gateway> _gateways = [];
    private readonly IServiceProvider _clientServices = new ServiceCollection().BuildServiceProvider();
    private int _started;
    private int _wanted = Silos;

    /// <summary>Silos that ended or stood still.</summary>
    public int Disturbances { get; private set; }

    /// <summary>Silos that may be counted on.</summary>
    private List<SimulatedSilo> Healthy => [.. cluster.Silos.Where(silo => silo is { IsOpen: true, Node: { IsCrashed: false, IsStalled: false } })];

    public async Task Start()
    {
        for (var i = 0; i < Silos; i++)
        {
            await StartSilo();
        }

        for (var i = 0; i < Gateways; i++)
        {
            _gateways.Add(NewGateway());
        }
    }

    public Gateway AnyGateway() => _gateways[chance.Next(_gateways.Count)];

    /// <summary>Somewhere where the network's events are taken; where they go is not always well.</summary>
    public (SimulatedNode Node, IDeviceEventSink Sink)? AnySink()
    {
        var silos = cluster.Silos.Where(silo => silo.IsOpen).ToList();
        return silos.Count == 0 ? null : silos[chance.Next(silos.Count)] is var silo ? (silo.Node, silo.Services.GetRequiredService<IDeviceEventSink>()) : null;
    }

    /// <summary>Power is gone. The others find out within some seconds, and another one takes its place.</summary>
    public void Crash()
    {
        if (Any(Healthy) is { } silo)
        {
            Report(silo, "crashes");
            silo.Node.Crash();
            simulation.After(Seconds(0, 15), () => cluster.Declare(silo));
            Replace(Seconds(0, 60));
        }
    }

    /// <summary>
    /// A silo stands still. If that lasts, the others give it up, and when it comes back it does not know: it goes on with what it
    /// was doing until it learns that it has been replaced.
    /// </summary>
    public void Stall()
    {
        if (Any(Healthy) is not { } silo)
        {
            return;
        }

        var time = Seconds(1, 90);
        var patience = Seconds(8, 20);
        Report(silo, string.Create(CultureInfo.InvariantCulture, $"stalls for {time.TotalSeconds:0.0} s"));
        silo.Node.Stall();
        simulation.After(time, silo.Node.Resume);
        if (time > patience)
        {
            simulation.After(patience, () => cluster.Declare(silo));
            simulation.After(time + Seconds(0, 30), silo.Node.Crash);
            Replace(patience);
        }
    }

    /// <summary>A silo is stopped in order, and another one takes its place.</summary>
    public void Restart()
    {
        if (Any(Healthy) is { } silo)
        {
            var stopped = Stop(silo);
            driver.Start(async () =>
            {
                await stopped;
                await StartSilo();
            });
        }
    }

    /// <summary>A front end dies with all its connections, and another one takes its place.</summary>
    public void CrashGateway()
    {
        var gateway = AnyGateway();
        journal.Write("fleet", $"{gateway.Node.Name} crashes");
        gateway.Node.Crash();
        _gateways[_gateways.IndexOf(gateway)] = NewGateway();
    }

    /// <summary>One silo does for the quiet that follows: the others stop in order.</summary>
    public void Shrink()
    {
        _wanted = 1;
        foreach (var silo in Healthy.Skip(1))
        {
            var stopped = Stop(silo);
            driver.Start(() => stopped);
        }
    }

    private async Task Stop(SimulatedSilo silo)
    {
        Report(silo, "stops in order");
        var drained = new TaskCompletionSource();
        simulation.After(StopTime, () => drained.TrySetResult());
        silo.Node.Start(async () =>
        {
            await silo.Services.GetRequiredService<DeviceDrain>().DrainAsync(CancellationToken.None);
            drained.TrySetResult();
        });
        await drained.Task;
        await cluster.StopSilo(silo, StopTime);
    }

    private void Replace(TimeSpan after) => simulation.After(after, () =>
    {
        if (Healthy.Count < _wanted)
        {
            driver.Start(StartSilo);
        }
    });

    private async Task StartSilo()
    {
        var silo = await cluster.StartSilo(string.Create(CultureInfo.InvariantCulture, $"silo-{++_started}"));
        journal.Write("fleet", $"{silo} has started");
    }

    private Gateway NewGateway() =>
        new(simulation.AddNode(string.Create(CultureInfo.InvariantCulture, $"gateway-{++_started}")), cluster, _clientServices);

    private void Report(SimulatedSilo silo, string what)
    {
        Disturbances++;
        journal.Write("fleet", $"{silo} {what}");
    }

    private SimulatedSilo? Any(List<SimulatedSilo> silos) => silos.Count == 0 ? null : silos[chance.Next(silos.Count)];

    private TimeSpan Seconds(double from, double to) => TimeSpan.FromSeconds(from + (chance.NextDouble() * (to - from)));
}

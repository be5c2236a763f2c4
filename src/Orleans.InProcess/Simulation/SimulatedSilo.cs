using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans.InProcess.Simulation;

/// <summary>A silo of a simulated cluster.</summary>
public sealed class SimulatedSilo
{
    private readonly ServiceProvider _services;

    internal SimulatedSilo(SimulatedNode node, ServiceProvider services)
    {
        Node = node;
        _services = services;
        Silo = services.GetRequiredService<Silo>();
    }

    public SimulatedNode Node { get; }

    public string Name => Node.Name;

    public IServiceProvider Services => _services;

    /// <summary>Whether new activations may be placed here.</summary>
    public bool IsOpen { get; private set; } = true;

    internal Silo Silo { get; }

    /// <summary>The calls on their way to it or in it that somebody still waits for.</summary>
    internal HashSet<Call> Owed { get; } = [];

    public override string ToString() => Name;

    internal bool Has(GrainId grain) => Silo.Catalog.Find(grain) is not null;

    internal Task Start() => Node.Run(async () =>
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }
    });

    // Its services are not disposed of: a container does that behind the back of the scheduler, and the process ends anyway.
    internal Task Stop(Action<TimeSpan, Action> after, TimeSpan patience)
    {
        IsOpen = false;
        var ended = new TaskCompletionSource();
        after(patience, End);
        Node.Start(async () =>
        {
            foreach (var service in _services.GetServices<IHostedService>().Reverse())
            {
                await service.StopAsync(CancellationToken.None);
            }

            End();
        });
        return ended.Task;

        void End()
        {
            Node.Crash();
            ended.TrySetResult();
        }
    }
}

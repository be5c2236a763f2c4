using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>Takes the calls to one grain id.</summary>
internal interface ICallTarget
{
    void Receive(Call call);
}

/// <summary>The activations of the silo. A grain id that has none gets one with its first call.</summary>
internal sealed class Catalog(Silo silo)
{
    private readonly ConcurrentDictionary<GrainId, ICallTarget> _targets = new();
    private volatile bool _closed;

    public IEnumerable<Activation> Activations => _targets.Values.SelectMany(static target => target switch
    {
        StatelessWorkers workers => workers.Activations,
        _ => [(Activation)target],
    });

    public void Dispatch(Call call)
    {
        var target = _targets.TryGetValue(call.Target.GrainId, out var existing) ? existing : Add(call);
        target.Receive(call);
    }

    public Activation? Find(GrainId grainId) => _targets.GetValueOrDefault(grainId) as Activation;

    /// <summary>Throws once the silo is stopping: what ends then must not begin again.</summary>
    public Activation NewActivation(GrainId grainId, GrainClass grainClass) => _closed
        ? throw new SiloUnavailableException($"The silo is stopping: grain {grainId} cannot be activated any more.")
        : new(silo, grainId, grainClass);

    public void Remove(Activation activation)
    {
        if (_targets.GetValueOrDefault(activation.GrainId) is StatelessWorkers workers)
        {
            workers.Remove(activation);
        }
        else
        {
            _targets.TryRemove(new(activation.GrainId, activation));
        }
    }

    /// <summary>Ends all activations and lets none begin. When the host's patience ends first, what still runs ends as in a crash.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _closed = true;
        await using var outOfPatience = cancellationToken.UnsafeRegister(static catalog => ((Catalog)catalog!).Kill(), this);
        // In an order of their own: that of the dictionary depends on the machine.
        while (Activations.OrderBy(static a => a.GrainId.ToString(), StringComparer.Ordinal).ToList() is { Count: > 0 } activations)
        {
            foreach (var activation in activations)
            {
                activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "The silo is stopping."), CancellationToken.None);
            }

            foreach (var activation in activations)
            {
                await activation.Deactivated;
            }
        }
    }

    /// <summary>Ends all activations as a crash would, and lets none begin.</summary>
    public void Kill()
    {
        _closed = true;
        foreach (var activation in Activations)
        {
            activation.Kill();
        }

        _targets.Clear();
    }

    private ICallTarget Add(Call call)
    {
        var grainId = call.Target.GrainId;
        var grainClass = call.Target.Class ?? throw new ArgumentException($"No grain class is of type \"{grainId.Type}\", which grain {grainId} asks for.");
        if (grainClass.MaxLocalWorkers > 0)
        {
            return _targets.GetOrAdd(grainId, id => new StatelessWorkers(this, id, grainClass));
        }

        var activation = NewActivation(grainId, grainClass);
        var target = _targets.GetOrAdd(grainId, activation);
        if (target == activation)
        {
            activation.Start(call.RequestContextValues);
        }

        return target;
    }
}

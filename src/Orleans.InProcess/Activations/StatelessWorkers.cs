using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>The activations of one id of a stateless worker: a call goes to one that is free, else to a new one, else to the least busy.</summary>
internal sealed class StatelessWorkers(Catalog catalog, GrainId grainId, GrainClass grainClass) : ICallTarget
{
    private readonly Lock _gate = new();
    private readonly List<Activation> _workers = [];

    public Activation[] Activations
    {
        get
        {
            lock (_gate)
            {
                return [.. _workers];
            }
        }
    }

    public void Receive(Call call)
    {
        Activation? worker;
        lock (_gate)
        {
            worker = _workers.MinBy(static w => w.Load);
            if (worker is not { Load: 0 } && _workers.Count < grainClass.MaxLocalWorkers)
            {
                worker = catalog.NewActivation(grainId, grainClass);
                _workers.Add(worker);
                worker.Start(call.RequestContextValues);
            }

            worker!.AddLoad();
        }

        worker.Receive(call);
    }

    // The group itself stays: ids of stateless workers are few.
    public void Remove(Activation worker)
    {
        lock (_gate)
        {
            _workers.Remove(worker);
        }
    }
}

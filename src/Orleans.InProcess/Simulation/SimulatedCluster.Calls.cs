using Orleans.Runtime;

namespace Orleans.InProcess.Simulation;

// Where a grain lives, and the way of a call to it and of its answer back.
public sealed partial class SimulatedCluster
{
    // How seldom a grain without an activation is sought elsewhere than where it was last.
    private const int OneInMoves = 8;

    private readonly Dictionary<GrainId, SimulatedSilo> _directory = [];
    private readonly Dictionary<GrainId, SimulatedSilo> _twins = [];
    private readonly Dictionary<SimulatedNode, SimulatedSilo> _zombies = [];

    /// <summary>
    /// Gives an activated grain a second activation elsewhere, as two directories that disagree would. Calls reach either, until
    /// the first one is told to go after <paramref name="time"/>. Returns <c>false</c> where that cannot be done now.
    /// </summary>
    public bool Split(IAddressable grain, TimeSpan time)
    {
        var id = grain.GetGrainId();
        if (_directory.GetValueOrDefault(id) is not { } first || !first.Has(id) || _twins.ContainsKey(id) || ChooseSilo(except: first) is not { } second)
        {
            return false;
        }

        _twins[id] = first;
        _directory[id] = second;
        simulation.After(time, () =>
        {
            _twins.Remove(id);
            if (!first.Node.IsCrashed)
            {
                first.Silo.Catalog.Find(id)?.Deactivate(new(DeactivationReasonCode.DuplicateActivation, "It has another activation."));
            }
        });
        return true;
    }

    /// <summary>Where a grain is, or would be sought.</summary>
    public SimulatedSilo? Find(IAddressable grain) => _directory.GetValueOrDefault(grain.GetGrainId());

    private void Send(Call call, SimulatedNode from)
    {
        if (Place(call.Target.GrainId, from) is not { } to)
        {
            call.Reject(new SiloUnavailableException("There is no silo that takes calls."));
            return;
        }

        to.Owed.Add(call);
        Travel(new(from, to.Node, call.Target.GrainId, call.Method.Info.Name, IsAnswer: false), () => Arrive(call, from, to));
    }

    private void Arrive(Call call, SimulatedNode from, SimulatedSilo to)
    {
        if (call.IsAnswered)
        {
            to.Owed.Remove(call);
            return;
        }

        if (to.Node.IsCrashed)
        {
            return; // who waits will hear of it when the others do
        }

        var grain = call.Target.GrainId;
        if (!to.Silo.IsRunning || (!to.Has(grain) && Place(grain, from) != to))
        {
            to.Owed.Remove(call);
            call.Forward(); // it has moved meanwhile
            return;
        }

        try
        {
            to.Silo.Catalog.Dispatch(call);
        }
        catch (Exception exception)
        {
            to.Owed.Remove(call);
            call.Reject(exception);
        }
    }

    private void Answer(Call call, SimulatedNode from, SimulatedNode caller, Action settle)
    {
        Travel(new(from, caller, call.Target.GrainId, call.Method.Info.Name, IsAnswer: true), () =>
        {
            foreach (var silo in _silos)
            {
                silo.Owed.Remove(call);
            }

            if (!caller.IsCrashed)
            {
                settle();
            }
        });
    }

    private void Travel(Transit leg, Action arrive)
    {
        if (transit(leg) is { } time)
        {
            simulation.After(time, arrive);
        }
    }

    private SimulatedSilo? Place(GrainId grain, SimulatedNode from)
    {
        // A silo that was replaced without knowing it goes on with what it has.
        if (_zombies.GetValueOrDefault(from) is { } zombie && zombie.Has(grain))
        {
            return zombie;
        }

        if (_twins.GetValueOrDefault(grain) is { Node.IsCrashed: false } twin && twin.Has(grain) && (twin.Node == from || _placement.Next(2) == 0))
        {
            return twin;
        }

        var known = _directory.GetValueOrDefault(grain);
        if (known?.Has(grain) == true || (known is { IsOpen: true } && _placement.Next(OneInMoves) > 0))
        {
            return known;
        }

        return ChooseSilo() is { } chosen ? _directory[grain] = chosen : null;
    }

    private SimulatedSilo? ChooseSilo(SimulatedSilo? except = null)
    {
        var open = _silos.FindAll(silo => silo.IsOpen && silo != except && silo.Silo.IsRunning);
        return open.Count == 0 ? null : open[_placement.Next(open.Count)];
    }
}

namespace Orleans.InProcess.Simulation;

/// <summary>Hands the queues of one node to the simulation, unless the node stands still or is no more.</summary>
internal sealed class NodeScheduler(Simulation simulation, SimulatedNode node) : TurnScheduler
{
    public SimulatedNode Node => node;

    public override void Schedule(TurnQueue queue)
    {
        if (node.IsCrashed)
        {
            return;
        }

        if (node.IsStalled)
        {
            node.Park(queue);
        }
        else
        {
            simulation.Ready(queue);
        }
    }

    // What is left of a dead node is garbage, and its finalizers run where they like.
    public override void OnEnqueued(TurnQueue queue, object turn)
    {
        if (!node.IsCrashed && simulation.IsElsewhere)
        {
            simulation.ThrowEscaped($"{Describe(turn)} was queued in {node.Name}");
        }
    }

    public void Run(TurnQueue queue)
    {
        if (node.IsCrashed)
        {
            return;
        }

        if (node.IsStalled)
        {
            node.Park(queue);
        }
        else if (queue.RunTurns(1))
        {
            Schedule(queue);
        }
    }

    // The continuation of an async method is a delegate on the box of its state machine, whose type names the method.
    private static string Describe(object turn) =>
        turn is Task { AsyncState: Delegate { Target: { } box } } && box.GetType().GenericTypeArguments is [_, var stateMachine, ..]
            ? $"the rest of {stateMachine}"
            : $"a {turn.GetType().Name}";
}

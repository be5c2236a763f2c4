using Wuts.Domain.Quotas;

namespace Wuts.Grains.Quotas;

/// <summary>
/// Lets a number of pieces of work into something that a silo has only so much of, in shares by tenant and weight: see
/// <see cref="FairPlaces{TWaiter}"/>. Safe to use from any thread; whoever waits goes on where it was, in its grain's turn.
/// </summary>
internal sealed class FairGate(int places)
{
    private readonly Lock _gate = new();
    private readonly FairPlaces<Ticket> _places = new(places);

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _places.Waiting;
            }
        }
    }

    /// <summary>Enters if nobody has to be waited for.</summary>
    public Ticket? TryEnter(string tenant, int weight)
    {
        lock (_gate)
        {
            return _places.TryEnter(tenant, weight) ? new Ticket(this, tenant, inside: true) : null;
        }
    }

    /// <summary>Enters, or queues up.</summary>
    public Ticket Enter(string tenant, int weight)
    {
        lock (_gate)
        {
            var ticket = new Ticket(this, tenant, _places.TryEnter(tenant, weight));
            if (!ticket.IsInside)
            {
                _places.Wait(tenant, weight, ticket);
            }

            return ticket;
        }
    }

    private void Leave(string tenant)
    {
        _places.Leave(tenant);
        while (_places.TryAdmit(out var next, out var ticket))
        {
            if (!ticket.TryAdmit())
            {
                _places.Leave(next);
            }
        }
    }

    /// <summary>A place, or the hope of one. Disposing it gives either up.</summary>
    public sealed class Ticket : IDisposable
    {
        private readonly FairGate _gate;
        private readonly string _tenant;
        private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _ended;

        internal Ticket(FairGate gate, string tenant, bool inside)
        {
            (_gate, _tenant) = (gate, tenant);
            if (inside)
            {
                _admitted.SetResult();
            }
        }

        public bool IsInside => _admitted.Task.IsCompletedSuccessfully;

        /// <summary>Completes with the place.</summary>
        public Task Admitted => _admitted.Task;

        // The token ends the very task that is awaited: Task.WaitAsync would put a hop through the thread pool in between.
        public async Task WhenAdmitted(CancellationToken cancellationToken)
        {
            await using var giveUp = cancellationToken.UnsafeRegister(
                static (admitted, token) => ((TaskCompletionSource)admitted!).TrySetCanceled(token), _admitted);
            await _admitted.Task;
        }

        public void Dispose()
        {
            lock (_gate._gate)
            {
                if (!_ended && IsInside)
                {
                    _gate.Leave(_tenant);
                }

                _ended = true;
            }
        }

        internal bool TryAdmit() => !_ended && _admitted.TrySetResult();
    }
}

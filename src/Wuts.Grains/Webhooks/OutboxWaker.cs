using Orleans;
using Wuts.Storage;

namespace Wuts.Grains.Webhooks;

/// <summary>
/// Wakes the endpoints that commits have brought events for, each at most ten times a second: what gathers in between is one read and
/// one round of deliveries instead of many. What is missed here, the sweep finds.
/// </summary>
internal sealed class OutboxWaker(IGrainFactory grains, TimeProvider clock) : IOutboxListener, IDisposable
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private HashSet<EndpointKey> _gathered = [];
    private ITimer? _timer;

    public void OnCommitted(IReadOnlyCollection<EndpointKey> endpoints)
    {
        lock (_gate)
        {
            var armed = _gathered.Count > 0;
            _gathered.UnionWith(endpoints);
            if (!armed)
            {
                _timer ??= clock.CreateTimer(static self => ((OutboxWaker)self!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(Gathering, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Wake()
    {
        HashSet<EndpointKey> endpoints;
        lock (_gate)
        {
            (endpoints, _gathered) = (_gathered, []);
        }

        foreach (var endpoint in endpoints)
        {
            grains.GetGrain<IWebhookEndpointGrain>(endpoint.ToString()).Wake()
                .ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }
}

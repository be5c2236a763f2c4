using Microsoft.Extensions.Logging;
using Orleans;
using Wuts.Storage;

namespace Wuts.Grains.Webhooks;

/// <summary>
/// Wakes the endpoints that commits have brought events for, each at most ten times a second: what gathers in between is one read and
/// one round of deliveries instead of many. What is missed here, the sweep finds.
/// </summary>
internal sealed partial class OutboxWaker(IGrainFactory grains, TimeProvider clock, ILogger<OutboxWaker> logger) : IOutboxListener, IDisposable
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
            _ = WakeAsync(endpoint);
        }
    }

    // Nobody waits for this, and a process that is about to end has no grains any more.
    private async Task WakeAsync(EndpointKey endpoint)
    {
        try
        {
            await grains.GetGrain<IWebhookEndpointGrain>(endpoint.ToString()).Wake();
        }
        catch (Exception e)
        {
            Log.NotWoken(logger, e, endpoint);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7103, LogLevel.Debug, "Webhook endpoint {Endpoint} could not be woken; the sweep will find its events")]
        public static partial void NotWoken(ILogger logger, Exception exception, EndpointKey endpoint);
    }
}

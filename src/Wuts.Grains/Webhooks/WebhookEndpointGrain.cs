using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Hosting;
using Wuts.Grains.Quotas;
using Wuts.Storage;
using Wuts.Webhooks;

namespace Wuts.Grains.Webhooks;

// Deliveries interleave with calls, so that Wake never waits for a receiver. The delivery timer never overlaps itself, and only
// it changes what is under way; Reload replaces the configuration in one statement.
[GrainType("webhook-endpoint")]
internal sealed partial class WebhookEndpointGrain(
    IWebhookStore store,
    ISecretProtector protector,
    WebhookSender sender,
    TimeProvider clock,
    IChance chance,
    EndpointMetrics metrics,
    Gates gates,
    IOptions<WebhookOptions> options,
    ILogger<WebhookEndpointGrain> logger) : Grain, IWebhookEndpointGrain
{
    private const int PageSize = 100;
    private const int SaveAfter = 100;
    private static readonly TimeSpan FaultDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetriesKnownFor = TimeSpan.FromSeconds(30); // less than from one sweep to the next

    private readonly Dictionary<long, Task<Delivery>> _underWay = [];
    private readonly Queue<Job> _jobs = [];
    private EndpointKey _key = null!;
    private WebhookEndpoint? _endpoint;
    private WebhookSecret? _secret;
    private IGrainTimer _timer = null!;
    private DeliveryWindow _window = null!;
    private EndpointCircuit _circuit = EndpointCircuit.Closed;
    private ImmutableArray<WebhookAttemptRecord> _unsaved = [];
    private DateTimeOffset? _nextRetry;
    private DateTimeOffset _retriesKnownAt;
    private long _readThrough;
    private long _savedThrough;
    private bool _news = true;
    private bool _delivering;

    /// <param name="Attempt">Which attempt of this event it is, from 1.</param>
    private sealed record Job(OutboxEvent Event, int Attempt);

    private sealed record Delivery(Job Job, WebhookAttempt Attempt);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        _key = new(key[..slash], key[(slash + 1)..]);
        _readThrough = _savedThrough = await store.ReadWatermarkAsync(_key.EndpointId, cancellationToken);
        _window = new(_savedThrough);
        _timer = this.RegisterWork(Deliver);
        metrics.Watch(this, () => !_circuit.IsClosed);
        await Reload();
    }

    public Task Wake()
    {
        _news = true;
        Arm(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public async Task Reload()
    {
        var endpoint = await store.FindAsync(_key.TenantId, _key.EndpointId);
        _secret = endpoint?.ProtectedSecret is { } secret ? WebhookSecret.Parse(protector.Unprotect(secret), out _) : null;
        _endpoint = endpoint;
        _circuit = EndpointCircuit.Closed; // a changed endpoint deserves a fresh start
        _nextRetry = await store.FindNextRetryAsync(_key.EndpointId);
        if (endpoint is null)
        {
            DeactivateOnIdle();
        }

        await Wake();
    }

    private void Arm(TimeSpan due)
    {
        if (!_delivering)
        {
            // A tick that throws does not arm the next; its period then brings one.
            _timer.Change(due, FaultDelay);
        }
    }

    private async Task Deliver(CancellationToken cancellationToken)
    {
        _delivering = true;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                if (_endpoint is { Enabled: true })
                {
                    await Fill(cancellationToken);
                    Start(cancellationToken);
                }

                if (_underWay.Count == 0)
                {
                    break;
                }

                await Task.WhenAny(_underWay.Values);
                await TakeFinished();
            }

            await Save();
        }
        finally
        {
            _delivering = false;
        }

        Arm(NextLook());
    }

    private TimeSpan NextLook()
    {
        var now = clock.GetUtcNow();
        if (_endpoint is not { Enabled: true })
        {
            return Timeout.InfiniteTimeSpan;
        }

        DateTimeOffset? next = _news || _jobs.Count > 0 ? now : _nextRetry;
        if (next is null)
        {
            return Timeout.InfiniteTimeSpan;
        }

        next = next > _circuit.OpenUntil ? next : _circuit.OpenUntil;
        return next > now ? next.Value - now : TimeSpan.Zero;
    }

    private async Task Fill(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_jobs.Count > 0 || !_circuit.MayTry(now))
        {
            return;
        }

        if (_nextRetry is null && now - _retriesKnownAt >= RetriesKnownFor)
        {
            // While there were two activations the other one may have left a retry that only the sweep knows of.
            _nextRetry = await store.FindNextRetryAsync(_key.EndpointId, cancellationToken);
            _retriesKnownAt = now;
        }

        if (_nextRetry <= now)
        {
            // A read that fails leaves this as it is, so that the next tick comes back to it.
            var retries = await store.ReadRetriesAsync(_key.TenantId, _key.EndpointId, now, PageSize, cancellationToken);
            foreach (var retry in retries.Where(r => !_underWay.ContainsKey(r.Event.Sequence)))
            {
                _jobs.Enqueue(new(retry.Event, retry.Attempts + 1));
            }

            // What is due later is looked up once these are saved; or now, should another activation have dealt with them.
            _nextRetry = retries.Length == PageSize ? now : null;
            if (_jobs.Count > 0)
            {
                return;
            }

            _nextRetry ??= await store.FindNextRetryAsync(_key.EndpointId, cancellationToken);
        }

        if (_news)
        {
            var events = await ReadNews(cancellationToken);
            foreach (var @event in events)
            {
                _jobs.Enqueue(new(@event, 1));
                _readThrough = @event.Sequence;
            }

            _news |= events.Length == PageSize;
        }
    }

    private async Task<ImmutableArray<OutboxEvent>> ReadNews(CancellationToken cancellationToken)
    {
        _news = false; // before the read, so that what is committed during it is news again
        try
        {
            return await store.ReadAfterAsync(_key.TenantId, _key.EndpointId, _readThrough, PageSize, cancellationToken);
        }
        catch
        {
            _news = true; // the next tick reads it
            throw;
        }
    }

    private void Start(CancellationToken cancellationToken)
    {
        var room = _circuit.IsClosed ? options.Value.MaxConcurrencyPerEndpoint : 1;
        while (_underWay.Count < room && _circuit.MayTry(clock.GetUtcNow()) && _jobs.TryDequeue(out var job))
        {
            _underWay[job.Event.Sequence] = Send(_endpoint!, _secret, job, cancellationToken);
        }
    }
}

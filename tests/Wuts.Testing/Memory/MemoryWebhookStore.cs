using System.Collections.Immutable;
using Wuts.Domain.Webhooks;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

public sealed class MemoryWebhookStore(MemoryDatabase database) : IWebhookStore
{
    public Task<WebhookEndpoint> PutAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            var known = Find(e => e.TenantId == endpoint.TenantId && e.DeviceId == endpoint.DeviceId);
            var stored = known is null ? endpoint : endpoint with { Id = known.Id, CreatedAt = known.CreatedAt };
            database.Endpoints[stored.Id] = stored;
            database.Outbox.TryAdd(stored.Id, []);
            return Task.FromResult(stored);
        }
    }

    public Task<WebhookEndpoint?> FindByDeviceAsync(string tenantId, string deviceId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult(Find(e => e.TenantId == tenantId && e.DeviceId == deviceId));
        }
    }

    public Task<WebhookEndpoint?> FindAsync(string tenantId, string endpointId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult(Find(e => e.TenantId == tenantId && e.Id == endpointId));
        }
    }

    public Task<bool> DeleteAsync(string tenantId, string endpointId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult(Find(e => e.TenantId == tenantId && e.Id == endpointId) is not null && database.Endpoints.Remove(endpointId));
        }
    }

    public Task DisableAsync(string tenantId, string endpointId, string reason, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            database.Endpoints[endpointId] = database.Endpoints[endpointId] with { Enabled = false, DisabledReason = reason };
            database.Pulse();
            return Task.CompletedTask;
        }
    }

    public Task<long> ReadWatermarkAsync(string endpointId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult(database.Watermarks.GetValueOrDefault(endpointId));
        }
    }

    public Task<ImmutableArray<OutboxEvent>> ReadAfterAsync(
        string tenantId, string endpointId, long afterSequence, int limit, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<OutboxEvent>>([.. database.Outbox.GetValueOrDefault(endpointId, []).Where(e => e.Sequence > afterSequence).Take(limit)]);
        }
    }

    public Task<ImmutableArray<OutboxRetry>> ReadRetriesAsync(
        string tenantId, string endpointId, DateTimeOffset dueBefore, int limit, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<OutboxRetry>>(
                [.. RetriesOf(endpointId).Where(r => r.NextAttemptAt <= dueBefore).OrderBy(r => r.NextAttemptAt).Take(limit)]);
        }
    }

    public Task<DateTimeOffset?> FindNextRetryAsync(string endpointId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult(RetriesOf(endpointId).Min(r => r.NextAttemptAt));
        }
    }

    public Task SaveProgressAsync(WebhookProgress progress, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            database.Watermarks[progress.EndpointId] = Math.Max(database.Watermarks.GetValueOrDefault(progress.EndpointId), progress.DeliveredThrough);
            foreach (var record in progress.Attempts)
            {
                var key = (progress.EndpointId, record.Sequence);
                if (record.Attempt.Verdict == WebhookVerdict.Delivered)
                {
                    database.Retries.Remove(key);
                }
                else
                {
                    database.Retries[key] = new(
                        database.Outbox[progress.EndpointId][(int)record.Sequence - 1], record.Number, record.NextAttemptAt, record.Attempt.StatusCode, record.Attempt.Error);
                }
            }

            database.Pulse();
            return Task.CompletedTask;
        }
    }

    public Task<ImmutableArray<EndpointKey>> ListBehindAsync(DateTimeOffset dueBefore, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<EndpointKey>>(
            [
                .. database.Endpoints.Values
                    .Where(e => e.Enabled && (database.Outbox[e.Id].Count > database.Watermarks.GetValueOrDefault(e.Id) || RetriesOf(e.Id).Any(r => r.NextAttemptAt <= dueBefore)))
                    .Select(e => new EndpointKey(e.TenantId, e.Id)),
            ]);
        }
    }

    public Task<ImmutableArray<OutboxRetry>> ListDeadLettersAsync(
        string tenantId, string endpointId, int limit, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<OutboxRetry>>(
                [.. RetriesOf(endpointId).Where(r => r.NextAttemptAt is null).OrderByDescending(r => r.Event.Sequence).Take(limit)]);
        }
    }

    private WebhookEndpoint? Find(Func<WebhookEndpoint, bool> match) => database.Endpoints.Values.FirstOrDefault(match);

    private IEnumerable<OutboxRetry> RetriesOf(string endpointId) => database.Retries.Where(r => r.Key.Endpoint == endpointId).Select(r => r.Value);
}

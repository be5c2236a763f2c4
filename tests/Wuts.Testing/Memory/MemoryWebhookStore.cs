using System.Collections.Immutable;
using Wuts.Domain.Webhooks;
using Wuts.Storage;
using Wuts.Storage.Writing;

namespace Wuts.Testing.Memory;

public sealed class MemoryWebhookStore : IWebhookStore
{
    private readonly MemoryConnection _connection;

    public MemoryWebhookStore(MemoryDatabase database)
        : this(new MemoryConnection(database))
    {
    }

    internal MemoryWebhookStore(MemoryConnection connection) => _connection = connection;

    public Task<WebhookEndpoint> PutAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(tables => tables.Webhooks.Put(endpoint), cancellationToken);

    public Task<WebhookEndpoint?> FindByDeviceAsync(string tenantId, string deviceId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Webhooks.FindByDevice(tenantId, deviceId)?.Endpoint, cancellationToken);

    public Task<WebhookEndpoint?> FindAsync(string tenantId, string endpointId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Webhooks.Find(tenantId, endpointId)?.Endpoint, cancellationToken);

    public Task<bool> DeleteAsync(string tenantId, string endpointId, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(tables => tables.Webhooks.Delete(tenantId, endpointId), cancellationToken);

    public Task DisableAsync(string tenantId, string endpointId, string reason, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(
            tables =>
            {
                if (tables.Webhooks.Find(tenantId, endpointId) is { } row)
                {
                    row.Endpoint = row.Endpoint with { Enabled = false, DisabledReason = reason, UpdatedAt = at.AsStored() };
                }

                return true;
            },
            cancellationToken);

    public Task<long> ReadWatermarkAsync(string endpointId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Webhooks.Find(endpointId)?.Watermark ?? 0, cancellationToken);

    public Task<ImmutableArray<OutboxEvent>> ReadAfterAsync(
        string tenantId, string endpointId, long afterSequence, int limit, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => tables.Webhooks.Find(tenantId, endpointId) is { } row
                ? row.Events.Skip((int)Math.Min(afterSequence, row.Events.Count)).Take(limit).Select(tables.Render).ToImmutableArray()
                : [],
            cancellationToken);

    public Task<ImmutableArray<OutboxRetry>> ReadRetriesAsync(
        string tenantId, string endpointId, DateTimeOffset dueBefore, int limit, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => RetriesOf(tables, tenantId, endpointId)
                .Where(retry => retry.NextAttemptAt <= dueBefore)
                .OrderBy(retry => retry.NextAttemptAt)
                .ThenBy(retry => retry.Event.Sequence)
                .Take(limit)
                .Select(retry => Render(tables, retry))
                .ToImmutableArray(),
            cancellationToken);

    public Task<DateTimeOffset?> FindNextRetryAsync(string endpointId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Webhooks.Find(endpointId)?.Retries.Values.Min(retry => retry.NextAttemptAt), cancellationToken);

    public Task SaveProgressAsync(WebhookProgress progress, CancellationToken cancellationToken = default) =>
        _connection.FlushAsync(new StorageWrite.OfProgress(progress), cancellationToken);

    public Task<ImmutableArray<EndpointKey>> ListBehindAsync(DateTimeOffset dueBefore, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => tables.Webhooks.Rows
                .Where(row => row.Endpoint.Enabled
                    && (row.Events.Count > row.Watermark || row.Retries.Values.Any(retry => retry.NextAttemptAt <= dueBefore)))
                .Select(row => new EndpointKey(row.Endpoint.TenantId, row.Endpoint.Id))
                .ToImmutableArray(),
            cancellationToken);

    public Task<ImmutableArray<OutboxRetry>> ListDeadLettersAsync(
        string tenantId, string endpointId, int limit, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => RetriesOf(tables, tenantId, endpointId)
                .Where(retry => retry.NextAttemptAt is null)
                .OrderByDescending(retry => retry.Event.Sequence)
                .Take(limit)
                .Select(retry => Render(tables, retry))
                .ToImmutableArray(),
            cancellationToken);

    private static IEnumerable<RetryRow> RetriesOf(MemoryTables tables, string tenantId, string endpointId) =>
        tables.Webhooks.Find(tenantId, endpointId)?.Retries.Values.AsEnumerable() ?? [];

    private static OutboxRetry Render(MemoryTables tables, RetryRow retry) =>
        new(tables.Render(retry.Event), retry.Attempts, retry.NextAttemptAt, retry.LastStatus, retry.LastError);
}

using System.Collections.Immutable;
using Wuts.Domain.Webhooks;
using Wuts.Storage;

namespace Wuts.Simulation.Variants;

/// <summary>A webhook store as it is, for a variant to break in one place.</summary>
internal abstract class WebhookStoreDecorator(IWebhookStore whole) : IWebhookStore
{
    public virtual Task<ImmutableArray<OutboxEvent>> ReadAfterAsync(
        string tenantId, string endpointId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        whole.ReadAfterAsync(tenantId, endpointId, afterSequence, limit, cancellationToken);

    public virtual Task SaveProgressAsync(WebhookProgress progress, CancellationToken cancellationToken) =>
        whole.SaveProgressAsync(progress, cancellationToken);

    public Task<WebhookEndpoint> PutAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken) => whole.PutAsync(endpoint, cancellationToken);

    public Task<WebhookEndpoint?> FindByDeviceAsync(string tenantId, string deviceId, CancellationToken cancellationToken) =>
        whole.FindByDeviceAsync(tenantId, deviceId, cancellationToken);

    public Task<WebhookEndpoint?> FindAsync(string tenantId, string endpointId, CancellationToken cancellationToken) =>
        whole.FindAsync(tenantId, endpointId, cancellationToken);

    public Task<bool> DeleteAsync(string tenantId, string endpointId, CancellationToken cancellationToken) =>
        whole.DeleteAsync(tenantId, endpointId, cancellationToken);

    public Task DisableAsync(string tenantId, string endpointId, string reason, DateTimeOffset at, CancellationToken cancellationToken) =>
        whole.DisableAsync(tenantId, endpointId, reason, at, cancellationToken);

    public Task<long> ReadWatermarkAsync(string endpointId, CancellationToken cancellationToken) => whole.ReadWatermarkAsync(endpointId, cancellationToken);

    public Task<ImmutableArray<OutboxRetry>> ReadRetriesAsync(
        string tenantId, string endpointId, DateTimeOffset dueBefore, int limit, CancellationToken cancellationToken) =>
        whole.ReadRetriesAsync(tenantId, endpointId, dueBefore, limit, cancellationToken);

    public Task<DateTimeOffset?> FindNextRetryAsync(string endpointId, CancellationToken cancellationToken) =>
        whole.FindNextRetryAsync(endpointId, cancellationToken);

    public Task<ImmutableArray<EndpointKey>> ListBehindAsync(DateTimeOffset dueBefore, CancellationToken cancellationToken) =>
        whole.ListBehindAsync(dueBefore, cancellationToken);

    public Task<ImmutableArray<OutboxRetry>> ListDeadLettersAsync(string tenantId, string endpointId, int limit, CancellationToken cancellationToken) =>
        whole.ListDeadLettersAsync(tenantId, endpointId, limit, cancellationToken);
}

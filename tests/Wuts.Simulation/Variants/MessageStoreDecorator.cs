using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Storage;

namespace Wuts.Simulation.Variants;

/// <summary>A message store as it is, for a variant to break in one place.</summary>
internal abstract class MessageStoreDecorator(IMessageStore whole) : IMessageStore
{
    public virtual Task<Message?> FindAsync(string tenantId, string messageId, CancellationToken cancellationToken) =>
        whole.FindAsync(tenantId, messageId, cancellationToken);

    public virtual Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken) =>
        whole.WriteAsync(transition, fenced, cancellationToken);

    public Task<ImmutableArray<TimelineEntry>> ReadTimelineAsync(string tenantId, string messageId, CancellationToken cancellationToken) =>
        whole.ReadTimelineAsync(tenantId, messageId, cancellationToken);

    public virtual Task<ImmutableArray<UnsentMessage>> ListUnsentAsync(
        DeviceKey device, long afterPosition, int limit, CancellationToken cancellationToken) =>
        whole.ListUnsentAsync(device, afterPosition, limit, cancellationToken);

    public Task<ImmutableArray<string>> ListDevicesWithUnsentAsync(string tenantId, string chatJid, CancellationToken cancellationToken) =>
        whole.ListDevicesWithUnsentAsync(tenantId, chatJid, cancellationToken);

    public Task<ImmutableArray<DeviceKey>> ListDevicesWithUnsentAsync(CancellationToken cancellationToken) =>
        whole.ListDevicesWithUnsentAsync(cancellationToken);

    public Task<ImmutableArray<(string TenantId, string MessageId)>> ListOverdueAsync(
        DateTimeOffset acceptedBefore, int limit, CancellationToken cancellationToken) =>
        whole.ListOverdueAsync(acceptedBefore, limit, cancellationToken);
}

using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Storage;
using Wuts.Storage.Writing;

namespace Wuts.Testing.Memory;

public sealed class MemoryMessageStore : IMessageStore
{
    private readonly MemoryConnection _connection;

    public MemoryMessageStore(MemoryDatabase database)
        : this(new MemoryConnection(database))
    {
    }

    internal MemoryMessageStore(MemoryConnection connection) => _connection = connection;

    public Task<Message?> FindAsync(string tenantId, string messageId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Messages.Find(tenantId, messageId)?.Message, cancellationToken);

    public async Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken = default) =>
        await _connection.FlushAsync(new StorageWrite.OfMessage(transition, fenced), cancellationToken) > 0 ? WriteOutcome.Written : WriteOutcome.Conflict;

    public Task<ImmutableArray<TimelineEntry>> ReadTimelineAsync(string tenantId, string messageId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Messages.Find(tenantId, messageId)?.Timeline.ToImmutableArray() ?? [], cancellationToken);

    public Task<ImmutableArray<UnsentMessage>> ListUnsentAsync(
        DeviceKey device, long afterPosition, int limit, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => tables.Messages.UnsentOf(device)
                .Select(row => row.Message)
                .SkipWhile(message => message.Envelope.Position <= afterPosition)
                .Take(limit)
                .Select(message => new UnsentMessage(
                    message.Envelope.Id,
                    message.Envelope.ChatJid,
                    message.Envelope.Position,
                    message.NotBefore ?? message.Envelope.DueAt,
                    message.Envelope.Typing,
                    message.State,
                    message.Epoch,
                    message.Attempt,
                    message.Envelope.TraceParent,
                    message.Envelope.Category,
                    message.Envelope.AcceptedAt,
                    message.Hold))
                .ToImmutableArray(),
            cancellationToken);

    public Task<ImmutableArray<string>> ListDevicesWithUnsentAsync(string tenantId, string chatJid, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => tables.Messages.DevicesWithUnsent
                .Where(device => device.TenantId == tenantId && tables.Messages.UnsentOf(device).Any(row => row.Message.Envelope.ChatJid == chatJid))
                .Select(device => device.DeviceId)
                .ToImmutableArray(),
            cancellationToken);

    public Task<ImmutableArray<DeviceKey>> ListDevicesWithUnsentAsync(CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(static tables => tables.Messages.DevicesWithUnsent.ToImmutableArray(), cancellationToken);

    public Task<ImmutableArray<(string TenantId, string MessageId)>> ListOverdueAsync(
        DateTimeOffset acceptedBefore, int limit, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => tables.Messages.AwaitingReceipt
                .Select(row => row.Message.Envelope)
                .TakeWhile(envelope => envelope.AcceptedAt < acceptedBefore.AsStored())
                .Take(limit)
                .Select(envelope => (envelope.TenantId, envelope.Id))
                .ToImmutableArray(),
            cancellationToken);
}

using System.Collections.Immutable;
using Wuts.Domain.Quotas;
using Wuts.Domain.Sending;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

public sealed class MemoryTenantUsageStore : ITenantUsageStore
{
    private readonly MemoryConnection _connection;

    public MemoryTenantUsageStore(MemoryDatabase database)
        : this(new MemoryConnection(database))
    {
    }

    internal MemoryTenantUsageStore(MemoryConnection connection) => _connection = connection;

    public Task<long> BeginEpochAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(tables => tables.QuotaEpochs[tenantId] = tables.QuotaEpochs.GetValueOrDefault(tenantId) + 1, cancellationToken);

    public Task<TenantUsage> ReadAsync(string tenantId, UsageSince since, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables =>
            {
                var all = EnvelopesOf(tables, tenantId).ToArray();
                return new TenantUsage(
                    all.LongCount(envelope => envelope.AcceptedAt >= since.Day && envelope.AcceptedAt < since.Recent),
                    [.. all.Where(envelope => envelope.AcceptedAt >= since.Recent).Select(envelope => new RecentAcceptance(envelope.Id, envelope.ChatJid, envelope.AcceptedAt))],
                    [.. all.Select(envelope => envelope.AcceptedAt).Where(at => at >= since.Window && at < since.Recent).OrderDescending().Take(since.WindowLimit)],
                    since.Recipients
                        ? [.. all.GroupBy(envelope => envelope.ChatJid).Where(chat => chat.Min(envelope => envelope.AcceptedAt) >= since.Day).Select(chat => chat.Key)]
                        : [],
                    WaitingOf(tables, tenantId));
            },
            cancellationToken);

    public Task<ImmutableDictionary<string, int>> CountWaitingAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => WaitingOf(tables, tenantId), cancellationToken);

    public Task<bool> HasWrittenAsync(string tenantId, string chatJid, DateTimeOffset before, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => EnvelopesOf(tables, tenantId).Any(envelope => envelope.ChatJid == chatJid && envelope.AcceptedAt < before), cancellationToken);

    private static IEnumerable<MessageEnvelope> EnvelopesOf(MemoryTables tables, string tenantId) =>
        tables.Messages.Rows.Select(row => row.Message.Envelope).Where(envelope => envelope.TenantId == tenantId);

    private static ImmutableDictionary<string, int> WaitingOf(MemoryTables tables, string tenantId) =>
        tables.Messages.DevicesWithUnsent
            .Where(device => device.TenantId == tenantId)
            .ToImmutableDictionary(device => device.DeviceId, device => tables.Messages.UnsentOf(device).Count(), StringComparer.Ordinal);
}

using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sql;

internal sealed class DeviceStore(
    SqlDatabase database, BatchWriter writer, IWebhookStore webhooks, ISecretProtector secrets, TimeProvider clock) : IDeviceStore
{
    private const string Columns =
        "tenant_id, id, user_id, name, transport, epoch, created_at, updated_at, "
        + "state, state_since, jid, credentials, wanted, reason, failures, banned_until, last_seen_at, paired_at";

    private static readonly string CreateSql = $"""
        INSERT INTO devices (tenant_id, id, user_id, name, transport, epoch, created_at, {string.Join(", ", SessionColumns.All.Select(c => c.Name))})
        VALUES (@tenant, @id, @user, @name, @transport, @epoch, @created_at, {string.Join(", ", SessionColumns.All.Select(c => "@" + c.Name))})
        """;

    public Task CreateAsync(Device device, CancellationToken cancellationToken) =>
        database.WriteAsync(CreateSql, ParametersOf(device), cancellationToken);

    // The tenant's row is locked, so that each sees what those before it have created. It counts itself, too, and takes itself back.
    public Task<bool> CreateWithinAsync(Device device, int most, CancellationToken cancellationToken) =>
        database.WriteAsync(
            $"""
            SELECT 1 FROM tenants WHERE id = @tenant {database.Dialect.ForUpdate};
            {CreateSql};
            DELETE FROM devices
            WHERE tenant_id = @tenant AND id = @id AND (SELECT count(*) FROM devices WHERE tenant_id = @tenant) > @most;
            SELECT 1 FROM devices WHERE tenant_id = @tenant AND id = @id
            """,
            [.. ParametersOf(device), ("most", most)],
            cancellationToken);

    public Task<Device?> FindAsync(DeviceKey device, CancellationToken cancellationToken) =>
        database.FindAsync(
            $"SELECT {Columns} FROM devices WHERE tenant_id = @tenant AND id = @id", NamesOf(device), Read, cancellationToken);

    public Task<ImmutableArray<Device>> ListAsync(string tenantId, string? userId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            $"""
            SELECT {Columns}
            FROM devices
            WHERE tenant_id = @tenant {(userId is null ? "" : "AND user_id = @user")}
            ORDER BY created_at, id
            """,
            userId is null ? [("tenant", tenantId)] : [("tenant", tenantId), ("user", userId)],
            Read,
            cancellationToken);

    // A flush that read the old epoch holds the row's lock until it is committed, so this waits for it.
    public async Task<Device?> RaiseEpochAsync(DeviceKey device, CancellationToken cancellationToken)
    {
        var raised = await database.WriteAsync(
            $"UPDATE devices SET epoch = epoch + 1 WHERE tenant_id = @tenant AND id = @id RETURNING {Columns}",
            NamesOf(device),
            Read,
            cancellationToken);
        return raised.IsEmpty ? null : raised[0];
    }

    public async Task<WriteOutcome> SaveSessionAsync(
        DeviceKey device, long epoch, DeviceSession session, ImmutableArray<DeviceNotice> notices, CancellationToken cancellationToken) =>
        await writer.WriteAsync(Write(device, epoch, session, clock.GetUtcNow(), notices), cancellationToken) > 0
            ? WriteOutcome.Written
            : WriteOutcome.Conflict;

    // The endpoint goes first: should this break off in between, the device is still there to be deleted again.
    public async Task<bool> DeleteAsync(DeviceKey device, CancellationToken cancellationToken)
    {
        if (await webhooks.FindByDeviceAsync(device.TenantId, device.DeviceId, cancellationToken) is { } endpoint)
        {
            await webhooks.DeleteAsync(endpoint.TenantId, endpoint.Id, cancellationToken);
        }

        return await database.WriteAsync(
            """
            DELETE FROM contacts WHERE tenant_id = @tenant AND device_id = @id;
            DELETE FROM device_health WHERE tenant_id = @tenant AND device_id = @id;
            DELETE FROM devices WHERE tenant_id = @tenant AND id = @id RETURNING 1
            """,
            NamesOf(device),
            cancellationToken);
    }

    public Task<ImmutableArray<DeviceKey>> ListWantedAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            "SELECT tenant_id, id FROM devices WHERE wanted AND credentials IS NOT NULL ORDER BY tenant_id, id",
            [],
            static row => new DeviceKey(row.Text(0), row.Text(1)),
            cancellationToken);

    private (string, object?)[] ParametersOf(Device device)
    {
        var session = Write(device.Key, device.Epoch, device.Session, device.UpdatedAt, []);
        return
        [
            ("tenant", device.TenantId), ("id", device.Id), ("user", device.UserId), ("name", device.Name),
            ("transport", device.Transport), ("epoch", device.Epoch), ("created_at", device.CreatedAt),
            .. SessionColumns.All.Select(column => (column.Name, column.Of(session))),
        ];
    }

    private static (string, object?)[] NamesOf(DeviceKey device) => [("tenant", device.TenantId), ("id", device.DeviceId)];

    private StorageWrite.OfSession Write(
        DeviceKey device, long epoch, DeviceSession session, DateTimeOffset at, ImmutableArray<DeviceNotice> notices) =>
        new(device, epoch, session, session.Credentials is { } credentials ? secrets.Protect(credentials) : null, at, notices);

    private Device Read(SqlRow row) => new()
    {
        TenantId = row.Text(0),
        Id = row.Text(1),
        UserId = row.Text(2),
        Name = row.Text(3),
        Transport = row.Text(4),
        Epoch = row.Long(5),
        CreatedAt = row.Time(6),
        UpdatedAt = row.Time(7),
        Session = new DeviceSession
        {
            State = StoredName<DeviceState>.Parse(row.Text(8)),
            Since = row.Time(9),
            Jid = row.TextOrNull(10),
            Credentials = row.TextOrNull(11) is { } credentials ? secrets.Unprotect(credentials) : null,
            Wanted = row.Flag(12),
            Reason = row.TextOrNull(13),
            Failures = row.Int(14),
            BannedUntil = row.TimeOrNull(15),
            LastSeenAt = row.TimeOrNull(16),
            PairedAt = row.TimeOrNull(17),
        },
    };
}

using System.Collections.Immutable;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sql;

/// <summary>Endpoints here; their outbox in <c>WebhookStore.Outbox.cs</c>.</summary>
internal sealed partial class WebhookStore(SqlDatabase database, BatchWriter writer) : IWebhookStore
{
    private const string Columns =
        "id, tenant_id, device_id, user_id, url, events, enabled, retries, timeout_ms, protected_secret, headers, "
        + "created_at, updated_at, disabled_reason";

    private readonly string _putSql = $"""
        {database.Dialect.HoldFlushes}
        INSERT INTO webhook_endpoints ({Columns})
        VALUES (@id, @tenant, @device, @user, @url, @events, @enabled, @retries, @timeout_ms, @secret, @headers, @created, @updated, @reason)
        ON CONFLICT (tenant_id, device_id) DO UPDATE SET
            user_id = excluded.user_id, url = excluded.url, events = excluded.events, enabled = excluded.enabled,
            retries = excluded.retries, timeout_ms = excluded.timeout_ms, protected_secret = excluded.protected_secret,
            headers = excluded.headers, updated_at = excluded.updated_at, disabled_reason = excluded.disabled_reason;
        INSERT INTO webhook_sequences (endpoint_id, last_sequence)
        SELECT id, 0 FROM webhook_endpoints WHERE tenant_id = @tenant AND device_id = @device ON CONFLICT DO NOTHING;
        INSERT INTO webhook_watermarks (endpoint_id, delivered_through)
        SELECT id, 0 FROM webhook_endpoints WHERE tenant_id = @tenant AND device_id = @device ON CONFLICT DO NOTHING;
        DELETE FROM webhook_subscriptions WHERE tenant_id = @tenant AND device_id = @device;
        INSERT INTO webhook_subscriptions (tenant_id, device_id, event_type, endpoint_id)
        SELECT e.tenant_id, e.device_id, wanted.value, e.id
        FROM webhook_endpoints e CROSS JOIN {database.Dialect.TextsOf("@events")} AS wanted
        WHERE e.tenant_id = @tenant AND e.device_id = @device AND e.enabled
        ON CONFLICT DO NOTHING;
        SELECT {Columns} FROM webhook_endpoints WHERE tenant_id = @tenant AND device_id = @device
        """;

    public async Task<WebhookEndpoint> PutAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var stored = await database.WriteAsync(
            _putSql,
            [
                ("id", endpoint.Id), ("tenant", endpoint.TenantId), ("device", endpoint.DeviceId), ("user", endpoint.UserId),
                ("url", endpoint.Url.OriginalString), ("events", StoredJson.Write(endpoint.Events)), ("enabled", endpoint.Enabled),
                ("retries", endpoint.Retries), ("timeout_ms", (int)endpoint.Timeout.TotalMilliseconds), ("secret", endpoint.ProtectedSecret),
                ("headers", StoredJson.Write(endpoint.Headers)), ("created", endpoint.CreatedAt), ("updated", endpoint.UpdatedAt),
                ("reason", endpoint.Enabled ? null : endpoint.DisabledReason),
            ],
            Read,
            cancellationToken);
        return stored[0];
    }

    public Task<WebhookEndpoint?> FindByDeviceAsync(string tenantId, string deviceId, CancellationToken cancellationToken) =>
        database.FindAsync(
            $"SELECT {Columns} FROM webhook_endpoints WHERE tenant_id = @tenant AND device_id = @device",
            [("tenant", tenantId), ("device", deviceId)],
            Read,
            cancellationToken);

    public Task<WebhookEndpoint?> FindAsync(string tenantId, string endpointId, CancellationToken cancellationToken) =>
        database.FindAsync(
            $"SELECT {Columns} FROM webhook_endpoints WHERE tenant_id = @tenant AND id = @id",
            [("tenant", tenantId), ("id", endpointId)],
            Read,
            cancellationToken);

    public async Task<bool> DeleteAsync(string tenantId, string endpointId, CancellationToken cancellationToken)
    {
        (string, object?)[] names = [("tenant", tenantId), ("id", endpointId)];
        if (!await database.WriteAsync(
            $"UPDATE webhook_endpoints SET enabled = @enabled WHERE tenant_id = @tenant AND id = @id RETURNING id; {Unsubscribe}",
            [.. names, ("enabled", false)],
            cancellationToken))
        {
            return false;
        }

        // An outbox may be long. In small pieces it holds nobody's locks; the endpoint goes last, so that a break is mended by repeating.
        while (await database.WriteAsync(DeleteSomeEventsSql, [("id", endpointId)], cancellationToken))
        {
        }

        return await database.WriteAsync(
            """
            DELETE FROM webhook_sequences WHERE endpoint_id = @id;
            DELETE FROM webhook_events WHERE endpoint_id = @id;
            DELETE FROM webhook_retries WHERE endpoint_id = @id;
            DELETE FROM webhook_attempts WHERE endpoint_id = @id;
            DELETE FROM webhook_watermarks WHERE endpoint_id = @id;
            DELETE FROM webhook_endpoints WHERE tenant_id = @tenant AND id = @id RETURNING id
            """,
            names,
            cancellationToken);
    }

    public Task DisableAsync(string tenantId, string endpointId, string reason, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            $"""
            UPDATE webhook_endpoints SET enabled = @enabled, disabled_reason = @reason, updated_at = @at WHERE tenant_id = @tenant AND id = @id;
            {Unsubscribe}
            """,
            [("tenant", tenantId), ("id", endpointId), ("enabled", false), ("reason", reason), ("at", at)],
            cancellationToken);

    private static WebhookEndpoint Read(SqlRow row) => new()
    {
        Id = row.Text(0),
        TenantId = row.Text(1),
        DeviceId = row.Text(2),
        UserId = row.Text(3),
        Url = new Uri(row.Text(4)),
        Events = StoredJson.Read<ImmutableArray<string>>(row.Text(5)),
        Enabled = row.Flag(6),
        Retries = row.IntOrNull(7),
        Timeout = TimeSpan.FromMilliseconds(row.Int(8)),
        ProtectedSecret = row.TextOrNull(9),
        Headers = StoredJson.Read<ImmutableDictionary<string, string>>(row.Text(10)),
        CreatedAt = row.Time(11),
        UpdatedAt = row.Time(12),
        DisabledReason = row.TextOrNull(13),
    };
}

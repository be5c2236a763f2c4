using Wuts.Domain.Quotas;

namespace Wuts.Storage.Sql;

internal sealed class TenantLimitStore(SqlDatabase database) : ITenantLimitStore
{
    private const string Columns = "tier, messages_per_1000s, burst, messages_per_day, queue_depth, devices, new_recipients_per_day, weight";
    private const int Thousand = 1000;

    public async Task<LimitSettings> FindAsync(string tenantId, CancellationToken cancellationToken) =>
        await database.FindAsync($"SELECT {Columns} FROM tenant_limits WHERE tenant_id = @tenant", [("tenant", tenantId)], Read, cancellationToken)
        ?? LimitSettings.None;

    public Task PutAsync(string tenantId, LimitSettings settings, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var limits = settings.Overrides;
        return database.WriteAsync(
            $"""
            INSERT INTO tenant_limits (tenant_id, {Columns}, updated_at)
            VALUES (@tenant, @tier, @rate, @burst, @daily, @depth, @devices, @recipients, @weight, @at)
            ON CONFLICT (tenant_id) DO UPDATE SET
                {string.Join(", ", Columns.Split(", ").Append("updated_at").Select(column => $"{column} = excluded.{column}"))}
            """,
            [
                ("tenant", tenantId), ("tier", settings.Tier), ("rate", (int?)(limits.MessagesPerSecond * Thousand)), ("burst", limits.Burst),
                ("daily", limits.MessagesPerDay), ("depth", limits.QueueDepth), ("devices", limits.Devices),
                ("recipients", limits.NewRecipientsPerDay), ("weight", limits.Weight), ("at", at),
            ],
            cancellationToken);
    }

    private static LimitSettings Read(SqlRow row) => new(
        row.TextOrNull(0),
        new()
        {
            MessagesPerSecond = row.IntOrNull(1) / (decimal)Thousand,
            Burst = row.IntOrNull(2),
            MessagesPerDay = row.IntOrNull(3),
            QueueDepth = row.IntOrNull(4),
            Devices = row.IntOrNull(5),
            NewRecipientsPerDay = row.IntOrNull(6),
            Weight = row.IntOrNull(7),
        });
}

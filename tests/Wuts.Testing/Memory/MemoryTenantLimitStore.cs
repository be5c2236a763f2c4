using Wuts.Domain.Quotas;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

public sealed class MemoryTenantLimitStore : ITenantLimitStore
{
    private readonly MemoryConnection _connection;

    public MemoryTenantLimitStore(MemoryDatabase database)
        : this(new MemoryConnection(database))
    {
    }

    internal MemoryTenantLimitStore(MemoryConnection connection) => _connection = connection;

    public Task<LimitSettings> FindAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Limits.GetValueOrDefault(tenantId) ?? LimitSettings.None, cancellationToken);

    public Task PutAsync(string tenantId, LimitSettings settings, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(tables => tables.Limits[tenantId] = settings, cancellationToken);
}

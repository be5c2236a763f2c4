using System.Collections.Immutable;
using Wuts.Domain.Tenants;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

public sealed class MemoryTenantStore : ITenantStore
{
    private readonly MemoryConnection _connection;

    public MemoryTenantStore(MemoryDatabase database)
        : this(new MemoryConnection(database))
    {
    }

    internal MemoryTenantStore(MemoryConnection connection) => _connection = connection;

    public Task<bool> RegisterAsync(Tenant tenant, User firstUser, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(tables => Register(tables, tenant, firstUser), cancellationToken);

    public Task<ImmutableArray<Tenant>> ListAsync(CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            static tables => tables.Tenants.OrderBy(tenant => tenant.CreatedAt).ThenBy(tenant => tenant.Id, StringComparer.Ordinal).ToImmutableArray(),
            cancellationToken);

    public Task<Tenant?> FindAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Tenants.Find(tenant => tenant.Id == tenantId), cancellationToken);

    public Task<bool> CreateUserAsync(User user, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(
            tables =>
            {
                if (!tables.Tenants.Exists(tenant => tenant.Id == user.TenantId))
                {
                    throw new InvalidOperationException("There is no such tenant.");
                }

                return Create(tables, user);
            },
            cancellationToken);

    public Task<ImmutableArray<User>> ListUsersAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => tables.Users
                .Where(user => user.TenantId == tenantId)
                .OrderBy(user => user.CreatedAt)
                .ThenBy(user => user.Id, StringComparer.Ordinal)
                .ToImmutableArray(),
            cancellationToken);

    public Task<User?> FindUserByTokenHashAsync(string tokenHash, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Users.Find(user => user.TokenHash == tokenHash), cancellationToken);

    public Task<Uri?> TakePendingWebhookAsync(string tenantId, string userId, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(
            tables =>
            {
                var index = tables.Users.FindIndex(user => user.TenantId == tenantId && user.Id == userId);
                if (index < 0 || tables.Users[index].PendingWebhookUrl is not { } url)
                {
                    return null;
                }

                tables.Users[index] = tables.Users[index] with { PendingWebhookUrl = null };
                return url;
            },
            cancellationToken);

    private static bool Register(MemoryTables tables, Tenant tenant, User firstUser)
    {
        if (tables.Tenants.Exists(stored => stored.Name == tenant.Name))
        {
            return false;
        }

        if (tables.Tenants.Exists(stored => stored.Id == tenant.Id))
        {
            throw new InvalidOperationException("There is another tenant with this id.");
        }

        Create(tables, firstUser); // throws, if it does, before there is a tenant
        tables.Tenants.Add(tenant with { CreatedAt = tenant.CreatedAt.AsStored(), UpdatedAt = tenant.UpdatedAt.AsStored() });
        return true;
    }

    private static bool Create(MemoryTables tables, User user)
    {
        if (tables.Users.Exists(stored =>
            stored.TenantId == user.TenantId && string.Equals(stored.Email, user.Email, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        if (tables.Users.Exists(stored => stored.Id == user.Id || stored.TokenHash == user.TokenHash))
        {
            throw new InvalidOperationException("There is another user with this id or token.");
        }

        tables.Users.Add(user with { CreatedAt = user.CreatedAt.AsStored(), UpdatedAt = user.UpdatedAt.AsStored() });
        return true;
    }
}

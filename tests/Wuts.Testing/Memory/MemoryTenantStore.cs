using System.Collections.Immutable;
using Wuts.Domain.Tenants;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

public sealed class MemoryTenantStore(MemoryDatabase database) : ITenantStore
{
    public Task<bool> RegisterAsync(Tenant tenant, User firstUser, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            if (database.Tenants.Values.Any(t => t.Name == tenant.Name))
            {
                return Task.FromResult(false);
            }

            database.Tenants.Add(tenant.Id, tenant);
            database.Users.Add(firstUser);
            return Task.FromResult(true);
        }
    }

    public Task<ImmutableArray<Tenant>> ListAsync(CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<Tenant>>([.. database.Tenants.Values.OrderBy(t => t.CreatedAt)]);
        }
    }

    public Task<Tenant?> FindAsync(string tenantId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult(database.Tenants.GetValueOrDefault(tenantId));
        }
    }

    public Task<bool> CreateUserAsync(User user, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            if (database.Users.Any(u => u.TenantId == user.TenantId && string.Equals(u.Email, user.Email, StringComparison.OrdinalIgnoreCase)))
            {
                return Task.FromResult(false);
            }

            database.Users.Add(user);
            return Task.FromResult(true);
        }
    }

    public Task<ImmutableArray<User>> ListUsersAsync(string tenantId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<User>>([.. database.Users.Where(u => u.TenantId == tenantId)]);
        }
    }

    public Task<User?> FindUserByTokenHashAsync(string tokenHash, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult(database.Users.Find(u => u.TokenHash == tokenHash));
        }
    }

    public Task<Uri?> TakePendingWebhookAsync(string tenantId, string userId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            var index = database.Users.FindIndex(u => u.TenantId == tenantId && u.Id == userId);
            var url = index < 0 ? null : database.Users[index].PendingWebhookUrl;
            if (url is not null)
            {
                database.Users[index] = database.Users[index] with { PendingWebhookUrl = null };
            }

            return Task.FromResult(url);
        }
    }
}

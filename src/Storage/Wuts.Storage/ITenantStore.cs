using System.Collections.Immutable;
using Wuts.Domain.Tenants;

namespace Wuts.Storage;

/// <summary>Tenants and their users.</summary>
public interface ITenantStore
{
    /// <summary>Creates a tenant with its first user, both or neither. Returns <c>false</c> when the tenant's name is taken.</summary>
    Task<bool> RegisterAsync(Tenant tenant, User firstUser, CancellationToken cancellationToken = default);

    /// <summary>All tenants, oldest first.</summary>
    Task<ImmutableArray<Tenant>> ListAsync(CancellationToken cancellationToken = default);

    Task<Tenant?> FindAsync(string tenantId, CancellationToken cancellationToken = default);

    /// <summary>Returns <c>false</c> when the tenant has a user with this e-mail address (compared without case).</summary>
    Task<bool> CreateUserAsync(User user, CancellationToken cancellationToken = default);

    /// <summary>A tenant's users, oldest first.</summary>
    Task<ImmutableArray<User>> ListUsersAsync(string tenantId, CancellationToken cancellationToken = default);

    Task<User?> FindUserByTokenHashAsync(string tokenHash, CancellationToken cancellationToken = default);

    /// <summary>Takes a user's pending webhook address, so that only one device gets it; <c>null</c> if there is none.</summary>
    Task<Uri?> TakePendingWebhookAsync(string tenantId, string userId, CancellationToken cancellationToken = default);
}

/// <summary>Small values that belong to the installation, such as a generated master token's digest and the key ring.</summary>
public interface ISettingStore
{
    Task<string?> FindAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Stores the value unless there is one, and returns the one that is stored: the same for every caller.</summary>
    Task<string> GetOrAddAsync(string key, string value, CancellationToken cancellationToken = default);

    /// <summary>All values whose key starts with a prefix.</summary>
    Task<ImmutableArray<string>> ListAsync(string prefix, CancellationToken cancellationToken = default);
}

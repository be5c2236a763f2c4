using System.Collections.Immutable;
using Wuts.Domain.Tenants;

namespace Wuts.Storage.Sql;

internal sealed class TenantStore(SqlDatabase database) : ITenantStore
{
    private const string UserColumns = "tenant_id, id, email, role, active, token_hash, pending_webhook_url, created_at, updated_at";
    private const string InsertUser = $"INSERT INTO users ({UserColumns}, email_key)";
    private const string UserValues =
        "@user_tenant, @user, @email, @role, @active, @token_hash, @webhook, @user_created, @user_updated, @email_key";

    // Repeating a registration must not add a user to the tenant that is there, so the user depends on the tenant's being new.
    public Task<bool> RegisterAsync(Tenant tenant, User firstUser, CancellationToken cancellationToken) =>
        database.WriteAsync(
            $"""
            INSERT INTO tenants (id, name, created_at, updated_at) VALUES (@tenant, @name, @created, @updated) ON CONFLICT (name) DO NOTHING;
            {InsertUser}
            SELECT {UserValues}
            WHERE EXISTS (SELECT 1 FROM tenants WHERE id = @tenant AND name = @name)
                AND NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = @tenant)
            RETURNING id
            """,
            [
                ("tenant", tenant.Id), ("name", tenant.Name), ("created", tenant.CreatedAt), ("updated", tenant.UpdatedAt),
                .. ParametersOf(firstUser),
            ],
            cancellationToken);

    public Task<ImmutableArray<Tenant>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync("SELECT id, name, created_at, updated_at FROM tenants ORDER BY created_at, id", [], ReadTenant, cancellationToken);

    public Task<Tenant?> FindAsync(string tenantId, CancellationToken cancellationToken) =>
        database.FindAsync(
            "SELECT id, name, created_at, updated_at FROM tenants WHERE id = @tenant", [("tenant", tenantId)], ReadTenant, cancellationToken);

    public Task<bool> CreateUserAsync(User user, CancellationToken cancellationToken) =>
        database.WriteAsync(
            $"{InsertUser} VALUES ({UserValues}) ON CONFLICT (tenant_id, email_key) DO NOTHING RETURNING id", ParametersOf(user), cancellationToken);

    public Task<ImmutableArray<User>> ListUsersAsync(string tenantId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            $"SELECT {UserColumns} FROM users WHERE tenant_id = @tenant ORDER BY created_at, id", [("tenant", tenantId)], ReadUser, cancellationToken);

    public Task<User?> FindUserByTokenHashAsync(string tokenHash, CancellationToken cancellationToken) =>
        database.FindAsync($"SELECT {UserColumns} FROM users WHERE token_hash = @hash", [("hash", tokenHash)], ReadUser, cancellationToken);

    public async Task<Uri?> TakePendingWebhookAsync(string tenantId, string userId, CancellationToken cancellationToken)
    {
        var taken = await database.WriteAsync(
            $"""
            SELECT pending_webhook_url FROM users WHERE tenant_id = @tenant AND id = @user {database.Dialect.ForUpdate};
            UPDATE users SET pending_webhook_url = NULL WHERE tenant_id = @tenant AND id = @user AND pending_webhook_url IS NOT NULL
            """,
            [("tenant", tenantId), ("user", userId)],
            static row => row.TextOrNull(0),
            cancellationToken);
        return taken is [{ } url] ? new Uri(url) : null;
    }

    // Cases are folded here and not by the database, whose rules depend on its kind and its locale.
    private static (string, object?)[] ParametersOf(User user) =>
    [
        ("user_tenant", user.TenantId), ("user", user.Id), ("email", user.Email), ("role", StoredName<Role>.Of(user.Role)),
        ("active", user.Active), ("token_hash", user.TokenHash), ("webhook", user.PendingWebhookUrl?.OriginalString),
        ("user_created", user.CreatedAt), ("user_updated", user.UpdatedAt), ("email_key", user.Email.ToUpperInvariant()),
    ];

    private static Tenant ReadTenant(SqlRow row) => new(row.Text(0), row.Text(1), row.Time(2), row.Time(3));

    private static User ReadUser(SqlRow row) => new()
    {
        TenantId = row.Text(0),
        Id = row.Text(1),
        Email = row.Text(2),
        Role = StoredName<Role>.Parse(row.Text(3)),
        Active = row.Flag(4),
        TokenHash = row.Text(5),
        PendingWebhookUrl = row.TextOrNull(6) is { } url ? new Uri(url) : null,
        CreatedAt = row.Time(7),
        UpdatedAt = row.Time(8),
    };
}

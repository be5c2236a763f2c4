using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class TenantStoreContract(StorageFixture storage)
{
    private ITenantStore Tenants => storage.Get<ITenantStore>();

    [StorageFact]
    public async Task A_tenant_and_its_first_user_come_back_as_they_were_registered()
    {
        var tenant = NewTenant();
        var user = NewUser(tenant);

        Assert.True(await Tenants.RegisterAsync(tenant, user));

        Assert.Equal(tenant, await Tenants.FindAsync(tenant.Id));
        Assert.Contains(tenant, await Tenants.ListAsync());
        Assert.Equal(user, Assert.Single(await Tenants.ListUsersAsync(tenant.Id)));
        Assert.Equal(user, await Tenants.FindUserByTokenHashAsync(user.TokenHash));
        Assert.Null(await Tenants.FindUserByTokenHashAsync("unknown"));
    }

    [StorageFact]
    public async Task A_taken_name_registers_neither_tenant_nor_user()
    {
        var tenant = NewTenant();
        var taken = NewTenant(tenant.Name);
        var user = NewUser(taken);
        Assert.True(await Tenants.RegisterAsync(tenant, NewUser(tenant)));

        Assert.False(await Tenants.RegisterAsync(taken, user));
        Assert.False(await Tenants.RegisterAsync(tenant, NewUser(tenant)));

        Assert.Null(await Tenants.FindAsync(taken.Id));
        Assert.Null(await Tenants.FindUserByTokenHashAsync(user.TokenHash));
        Assert.Single(await Tenants.ListUsersAsync(tenant.Id));
    }

    [StorageFact]
    public async Task Of_many_registrations_of_one_name_one_succeeds()
    {
        var name = $"Tenant {NewId()}";

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => NewTenant(name)).Select(t => Tenants.RegisterAsync(t, NewUser(t))));

        Assert.Single(outcomes, registered => registered);
        Assert.Single(await Tenants.ListAsync(), tenant => tenant.Name == name);
    }

    [StorageFact]
    public async Task A_user_that_cannot_be_stored_leaves_no_tenant()
    {
        var tenant = NewTenant();
        var user = NewUser(tenant);
        Assert.True(await Tenants.RegisterAsync(tenant, user));
        var other = NewTenant();

        await Assert.ThrowsAnyAsync<Exception>(() => Tenants.RegisterAsync(other, NewUser(other) with { TokenHash = user.TokenHash }));

        Assert.Null(await Tenants.FindAsync(other.Id));
    }

    [StorageFact]
    public async Task An_address_is_taken_within_a_tenant_whatever_its_case()
    {
        var (tenant, other) = (NewTenant(), NewTenant());
        await Tenants.RegisterAsync(tenant, NewUser(tenant, "José@customer.example"));
        await Tenants.RegisterAsync(other, NewUser(other));

        Assert.False(await Tenants.CreateUserAsync(NewUser(tenant, "JOSÉ@Customer.example")));
        Assert.True(await Tenants.CreateUserAsync(NewUser(other, "JOSÉ@Customer.example")));
    }

    [StorageFact]
    public async Task Users_are_listed_oldest_first_and_only_those_of_the_tenant()
    {
        var (tenant, other) = (NewTenant(), NewTenant());
        var older = NewUser(tenant) with { CreatedAt = T0.AddDays(-1) };
        var younger = NewUser(tenant);
        await Tenants.RegisterAsync(tenant, younger);
        await Tenants.RegisterAsync(other, NewUser(other));
        await Tenants.CreateUserAsync(older);

        Assert.Equal([older, younger], (await Tenants.ListUsersAsync(tenant.Id)).AsEnumerable());
    }

    [StorageFact]
    public async Task A_pending_webhook_is_taken_once()
    {
        var tenant = NewTenant();
        var user = NewUser(tenant);
        await Tenants.RegisterAsync(tenant, user);
        Assert.Null(await Tenants.TakePendingWebhookAsync(NewId(), user.Id));

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Tenants.TakePendingWebhookAsync(tenant.Id, user.Id)));

        Assert.Equal(user.PendingWebhookUrl, Assert.Single(taken, url => url is not null));
    }

    [StorageFact]
    public async Task Every_caller_gets_the_value_that_was_stored_first()
    {
        var settings = storage.Get<ISettingStore>();
        var prefix = NewId();

        var values = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => settings.GetOrAddAsync($"{prefix}/a", $"value {i}")));
        await settings.GetOrAddAsync($"{prefix}/b", "other");

        Assert.Equal(values[0], Assert.Single(values.Distinct()));
        Assert.Equal(values[0], await settings.FindAsync($"{prefix}/a"));
        Assert.Equal([values[0], "other"], (await settings.ListAsync(prefix)).AsEnumerable());
        Assert.Null(await settings.FindAsync(prefix));
    }
}

public sealed class SqliteTenantStoreTests(SqliteStorage storage) : TenantStoreContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryTenantStoreTests(MemoryStorage storage) : TenantStoreContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlTenantStoreTests(PostgreSqlStorage storage) : TenantStoreContract(storage), IClassFixture<PostgreSqlStorage>;

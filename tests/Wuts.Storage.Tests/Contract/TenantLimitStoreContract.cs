using Wuts.Domain.Quotas;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class TenantLimitStoreContract(StorageFixture storage)
{
    private static readonly TenantLimits Every = new()
    {
        MessagesPerSecond = 0.125m, Burst = 1, MessagesPerDay = 1_000_000_000, QueueDepth = 3, Devices = 4, NewRecipientsPerDay = 5, Weight = 1000,
    };

    private ITenantLimitStore Limits => storage.Get<ITenantLimitStore>();

    [StorageFact]
    public async Task Limits_come_back_as_they_were_put_and_only_to_their_tenant()
    {
        var (tenant, other) = (NewId(), NewId());
        await Limits.PutAsync(tenant, new("gold", Every), T0);

        Assert.Equal(new LimitSettings("gold", Every), await Limits.FindAsync(tenant));
        Assert.Equal(LimitSettings.None, await Limits.FindAsync(other));
    }

    [StorageFact]
    public async Task What_is_put_replaces_all_that_was()
    {
        var tenant = NewId();
        await Limits.PutAsync(tenant, new("gold", Every), T0);
        await Limits.PutAsync(tenant, new(null, new() { MessagesPerSecond = 10_000 }), T0);
        Assert.Equal(new LimitSettings(null, new() { MessagesPerSecond = 10_000 }), await Limits.FindAsync(tenant));

        await Limits.PutAsync(tenant, LimitSettings.None, T0);
        Assert.Equal(LimitSettings.None, await Limits.FindAsync(tenant));
    }
}

public sealed class SqliteTenantLimitStoreTests(SqliteStorage storage) : TenantLimitStoreContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryTenantLimitStoreTests(MemoryStorage storage) : TenantLimitStoreContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlTenantLimitStoreTests(PostgreSqlStorage storage) : TenantLimitStoreContract(storage), IClassFixture<PostgreSqlStorage>;

using Wuts.Domain.Delivery;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class MessageCountsContract(StorageFixture storage)
{
    [StorageFact]
    public async Task What_happened_counts_in_its_own_minute_and_failures_by_their_class()
    {
        var device = await storage.NewDeviceAsync();
        var sent = await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
        var failed = await storage.WriteAsync(sent.Reached(DeliveryStage.Failed, T0.AddMinutes(2)));
        await storage.WriteAsync(failed.Reached(DeliveryStage.Delivered, T0.AddMinutes(3)));

        var minutes = await storage.CountsOfAsync(
            device.TenantId, "accepted", "sent", "failed", "failed_recipient", "delivered", "delivered_1m");

        Assert.Equal([[1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 1, 0]], minutes.AsEnumerable());
    }

    [StorageFact]
    public async Task A_better_time_for_a_stage_is_not_counted_again()
    {
        var device = await storage.NewDeviceAsync();
        var sent = await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
        var delivered = await storage.WriteAsync(sent.Reached(DeliveryStage.Delivered, T0.AddSeconds(30)));
        await storage.WriteAsync(delivered.Reached(DeliveryStage.Delivered, T0.AddSeconds(20)));

        var minutes = await storage.CountsOfAsync(device.TenantId, "delivered");

        Assert.Equal([1], Assert.Single(minutes));
    }
}

public sealed class SqliteMessageCountsTests(SqliteStorage storage) : MessageCountsContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryMessageCountsTests(MemoryStorage storage) : MessageCountsContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlMessageCountsTests(PostgreSqlStorage storage) : MessageCountsContract(storage), IClassFixture<PostgreSqlStorage>;

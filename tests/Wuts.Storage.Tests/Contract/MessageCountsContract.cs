using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Delivery;
using Wuts.Storage.Counting;
using Wuts.Storage.Sql;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class MessageCountsContract(StorageFixture storage)
{
    [StorageFact]
    public async Task Counts_add_up_however_often_and_wherever_they_are_folded()
    {
        var device = await storage.NewDeviceAsync();
        var folders = new[] { storage, storage }.Select(s => s.StartProcess().GetRequiredService<MessageCountFolder>()).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async position =>
        {
            var sent = await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device, position))).Sent());
            await storage.WriteAsync(sent.Reached(DeliveryStage.Delivered));
            if (position % 20 == 0)
            {
                await folders[position % 2].FoldAsync(default);
            }
        }));
        await Task.WhenAll(folders.Select(folder => folder.FoldAsync(default)));
        await storage.FoldCountsAsync();

        var sums = await SumsAsync(
            device.TenantId, "accepted", "dispatched", "sent", "delivered", "delivered_1m", "failed", "wait_ms_sum");

        Assert.Equal([200, 200, 200, 200, 200, 0, 800_000], sums);
        Assert.Equal(0, await storage.CountAsync("message_count_deltas"));
    }

    [StorageFact]
    public async Task What_happened_counts_in_its_own_minute_and_failures_by_their_class()
    {
        var device = await storage.NewDeviceAsync();
        var sent = await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
        var failed = await storage.WriteAsync(sent.Reached(DeliveryStage.Failed, T0.AddMinutes(2)));
        await storage.WriteAsync(failed.Reached(DeliveryStage.Delivered, T0.AddMinutes(3)));
        await storage.FoldCountsAsync();

        Assert.Equal(3, await storage.CountAsync($"message_counts WHERE tenant_id = '{device.TenantId}'"));
        var sums = await SumsAsync(
            device.TenantId, "accepted", "sent", "failed", "failed_recipient", "delivered", "delivered_1m");

        Assert.Equal([1, 1, 1, 1, 1, 0], sums);
    }

    [StorageFact]
    public async Task A_better_time_for_a_stage_is_not_counted_again()
    {
        var device = await storage.NewDeviceAsync();
        var sent = await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
        var delivered = await storage.WriteAsync(sent.Reached(DeliveryStage.Delivered, T0.AddSeconds(30)));
        await storage.WriteAsync(delivered.Reached(DeliveryStage.Delivered, T0.AddSeconds(20)));
        await storage.FoldCountsAsync();

        var sums = await SumsAsync(device.TenantId, "delivered");

        Assert.Equal([1], sums);
    }

    private async Task<long[]> SumsAsync(string tenantId, params string[] columns)
    {
        var selected = string.Join(", ", columns.Select(column => $"CAST(sum({column}) AS bigint)"));
        var rows = await storage.Get<SqlDatabase>().ReadAsync(
            $"SELECT {selected} FROM message_counts WHERE tenant_id = @tenant",
            [("tenant", tenantId)],
            row => columns.Select((_, i) => row.Long(i)).ToArray(),
            default);
        return rows[0];
    }
}

public sealed class SqliteMessageCountsTests(SqliteStorage storage) : MessageCountsContract(storage), IClassFixture<SqliteStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlMessageCountsTests(PostgreSqlStorage storage) : MessageCountsContract(storage), IClassFixture<PostgreSqlStorage>;

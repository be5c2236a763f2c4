using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Delivery;
using Wuts.Storage.Counting;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class FoldedCountsContract(SqlStorage storage)
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

        var minutes = await storage.CountsOfAsync(
            device.TenantId, "accepted", "dispatched", "sent", "delivered", "delivered_1m", "failed", "wait_ms_sum");

        Assert.Equal([200, 200, 200, 200, 200, 0, 800_000], Assert.Single(minutes));
        Assert.Equal(0, await storage.CountAsync("message_count_deltas"));
    }
}

public sealed class SqliteFoldedCountsTests(SqliteStorage storage) : FoldedCountsContract(storage), IClassFixture<SqliteStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlFoldedCountsTests(PostgreSqlStorage storage) : FoldedCountsContract(storage), IClassFixture<PostgreSqlStorage>;

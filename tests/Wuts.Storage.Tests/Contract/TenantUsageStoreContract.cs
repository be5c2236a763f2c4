using Wuts.Domain.Devices;
using Wuts.Domain.Quotas;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class TenantUsageStoreContract(StorageFixture storage)
{
    private static readonly DateTimeOffset Now = T0.AddHours(10);

    private ITenantUsageStore Usage => storage.Get<ITenantUsageStore>();

    [StorageFact]
    public async Task Each_message_of_today_is_in_the_count_or_in_the_recent_ones()
    {
        var device = await storage.NewDeviceAsync();
        await AcceptAsync(device, T0.AddTicks(-10), "yesterday");
        await AcceptAsync(device, T0, "a");
        await AcceptAsync(device, Now.AddMinutes(-2).AddTicks(-10), "b");
        var recent = await AcceptAsync(device, Now.AddMinutes(-2), "c");
        await AcceptAsync(await storage.NewDeviceAsync(), Now, "of another tenant");

        var used = await Usage.ReadAsync(device.TenantId, UsageSince.Of(new() { MessagesPerDay = 1 }, Now));

        Assert.Equal(2, used.AcceptedToday);
        Assert.Equal(new RecentAcceptance(recent, "c", Now.AddMinutes(-2)), Assert.Single(used.Recent));
        Assert.Empty(used.Window);
        Assert.Empty(used.NewToday);
        Assert.Equal(3, (await Usage.ReadAsync(device.TenantId, UsageSince.Counts(Now))).AcceptedToday);
    }

    [StorageFact]
    public async Task Of_a_window_the_last_times_before_the_recent_ones_are_read()
    {
        var device = await storage.NewDeviceAsync();
        foreach (var seconds in new[] { 10, 130, 140, 145, 150, 151 })
        {
            await AcceptAsync(device, Now.AddSeconds(-seconds), "a");
        }

        Assert.Equal([130, 140, 145, 150], await WindowAsync(new() { MessagesPerSecond = 1, Burst = 150 }));
        Assert.Equal([130, 140], await WindowAsync(new() { MessagesPerSecond = 0.01m, Burst = 2 }));
        Assert.Empty(await WindowAsync(new() { MessagesPerSecond = 10 }));

        async Task<IEnumerable<int>> WindowAsync(TenantLimits limits) =>
            (await Usage.ReadAsync(device.TenantId, UsageSince.Of(limits, Now))).Window.Select(at => (int)(Now - at).TotalSeconds).Order();
    }

    [StorageFact]
    public async Task A_recipient_is_new_on_the_day_of_its_first_message()
    {
        var device = await storage.NewDeviceAsync();
        await AcceptAsync(device, T0.AddDays(-1), "old");
        await AcceptAsync(device, T0, "old");
        await AcceptAsync(device, T0, "a");
        await AcceptAsync(device, Now, "a");
        await AcceptAsync(device, Now, "b");
        await AcceptAsync(await storage.NewDeviceAsync(), T0.AddDays(-1), "a");

        var used = await Usage.ReadAsync(device.TenantId, UsageSince.Of(new() { NewRecipientsPerDay = 1 }, Now));

        Assert.Equal(["a", "b"], used.NewToday.Order());
        Assert.True(await Usage.HasWrittenAsync(device.TenantId, "old", T0));
        Assert.False(await Usage.HasWrittenAsync(device.TenantId, "a", T0));
        Assert.False(await Usage.HasWrittenAsync(device.TenantId, "nobody", Now));
    }

    [StorageFact]
    public async Task What_waits_is_counted_by_device()
    {
        var device = await storage.NewDeviceAsync();
        var other = await storage.NewDeviceAsync(device.TenantId);
        var idle = await storage.NewDeviceAsync(device.TenantId);
        await storage.WriteAsync(NewAcceptance(device, claim: false));
        await storage.WriteAsync(NewAcceptance(device, position: 2));
        await storage.WriteAsync(NewAcceptance(other));
        await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(idle))).Sent());

        var waiting = await Usage.CountWaitingAsync(device.TenantId);

        Assert.Equal([(device.DeviceId, 2), (other.DeviceId, 1)], waiting.OrderByDescending(pair => pair.Value).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(waiting, (await Usage.ReadAsync(device.TenantId, UsageSince.Counts(Now))).Waiting);
    }

    [StorageFact]
    public async Task Once_an_epoch_has_begun_nothing_is_accepted_that_was_admitted_before()
    {
        var device = await storage.NewDeviceAsync((await storage.NewTenantAsync()).Id);
        var other = await storage.NewDeviceAsync((await storage.NewTenantAsync()).Id);
        var first = await Usage.BeginEpochAsync(device.TenantId);
        var second = await Usage.BeginEpochAsync(device.TenantId);

        Assert.Equal(WriteOutcome.Conflict, await AcceptUnderAsync(device, first));
        Assert.Equal(WriteOutcome.Written, await AcceptUnderAsync(device, second));
        Assert.Equal(WriteOutcome.Written, await AcceptUnderAsync(device, null));
        Assert.Equal(WriteOutcome.Conflict, await AcceptUnderAsync(other, second));
        Assert.True(second > first);
    }

    private Task<WriteOutcome> AcceptUnderAsync(DeviceKey device, long? epoch) => storage.Messages.WriteAsync(
        Domain.Delivery.Message.Accept(NewEnvelope(device) with { QuotaEpoch = epoch }, 1, claim: false), fenced: true);

    private async Task<string> AcceptAsync(DeviceKey device, DateTimeOffset at, string chat)
    {
        var envelope = NewEnvelope(device, chatJid: chat) with { AcceptedAt = at };
        await storage.WriteAsync(Domain.Delivery.Message.Accept(envelope, 1, claim: false));
        return envelope.Id;
    }
}

public sealed class SqliteTenantUsageStoreTests(SqliteStorage storage) : TenantUsageStoreContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryTenantUsageStoreTests(MemoryStorage storage) : TenantUsageStoreContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlTenantUsageStoreTests(PostgreSqlStorage storage) : TenantUsageStoreContract(storage), IClassFixture<PostgreSqlStorage>;

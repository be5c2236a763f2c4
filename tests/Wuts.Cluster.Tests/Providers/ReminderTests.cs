using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Wuts.Testing;

namespace Wuts.Cluster.Tests.Providers;

/// <summary>The table of reminders. Each silo reads the reminders of its range of a ring of hashes.</summary>
public sealed class ReminderTests(ClusterDatabase database) : IClassFixture<ClusterDatabase>
{
    private static readonly DateTime Start = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [PostgreSqlFact]
    public async Task A_reminder_is_read_back_as_it_was_written()
    {
        await using var service = await NewServiceAsync("written");
        var entry = Reminder("acme/número-1", "acordar ☎", TimeSpan.FromMinutes(5));
        entry.ETag = await service.Table.UpsertRow(entry);

        var one = await service.Table.ReadRow(entry.GrainId, "acordar ☎");
        var all = await service.Table.ReadRows(entry.GrainId);

        foreach (var read in new[] { one, Assert.Single(all.Reminders) })
        {
            Assert.NotNull(read);
            Assert.Equal((entry.GrainId, "acordar ☎", Start), (read.GrainId, read.ReminderName, read.StartAt));
            Assert.Equal((TimeSpan.FromMinutes(5), entry.ETag), (read.Period, read.ETag));
        }
    }

    [PostgreSqlFact]
    public async Task A_reminder_that_is_not_there_is_null()
    {
        await using var service = await NewServiceAsync("absent");

        Assert.Null(await service.Table.ReadRow(Grain("acme/1"), "wake"));
        Assert.Empty((await service.Table.ReadRows(Grain("acme/1"))).Reminders);
    }

    [PostgreSqlFact]
    public async Task Writing_again_changes_the_reminder_and_its_etag()
    {
        await using var service = await NewServiceAsync("again");
        var first = await service.Table.UpsertRow(Reminder("acme/1", "wake", TimeSpan.FromMinutes(1)));
        var second = await service.Table.UpsertRow(Reminder("acme/1", "wake", TimeSpan.FromDays(60))); // more ms than an int holds

        var read = Assert.Single((await service.Table.ReadRows(Grain("acme/1"))).Reminders);
        Assert.NotEqual(first, second);
        Assert.Equal((second, TimeSpan.FromDays(60)), (read.ETag, read.Period));
    }

    [PostgreSqlFact]
    public async Task Removing_needs_the_current_etag()
    {
        await using var service = await NewServiceAsync("remove");
        var stale = await service.Table.UpsertRow(Reminder("acme/1", "wake"));
        var current = await service.Table.UpsertRow(Reminder("acme/1", "wake"));

        Assert.False(await service.Table.RemoveRow(Grain("acme/1"), "wake", stale!));
        Assert.False(await service.Table.RemoveRow(Grain("acme/1"), "sleep", current!));
        Assert.True(await service.Table.RemoveRow(Grain("acme/1"), "wake", current!));
        Assert.False(await service.Table.RemoveRow(Grain("acme/1"), "wake", current!));
        Assert.Null(await service.Table.ReadRow(Grain("acme/1"), "wake"));
    }

    [PostgreSqlFact]
    public async Task Any_range_of_the_ring_gives_the_reminders_whose_hash_is_in_it()
    {
        await using var service = await NewServiceAsync("ring");
        var hashes = new List<uint>();
        for (var i = 0; i < 40; i++)
        {
            var entry = Reminder($"acme/{i}", "wake");
            await service.Table.UpsertRow(entry);
            hashes.Add(entry.GrainId.GetUniformHashCode());
        }

        hashes.Sort();
        Assert.True(hashes[0] < int.MaxValue && hashes[^1] > int.MaxValue, "the hashes lie on both sides of the largest signed number");
        (uint Begin, uint End)[] ranges =
        [
            (hashes[3], hashes[9]), (hashes[2], hashes[^2]), (hashes[^5], hashes[4]), (hashes[^1], hashes[0]), (hashes[7], hashes[7]),
            (0, uint.MaxValue), (uint.MaxValue, 0), (int.MaxValue, 1u + int.MaxValue), (1u + int.MaxValue, int.MaxValue),
        ];
        foreach (var (begin, end) in ranges)
        {
            var expected = hashes.Where(hash => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end);
            var read = (await service.Table.ReadRows(begin, end)).Reminders.Select(r => r.GrainId.GetUniformHashCode()).Order();
            Assert.Equal(expected, read);
        }
    }

    [PostgreSqlFact]
    public async Task Clearing_leaves_the_reminders_of_other_services()
    {
        await using var service = await NewServiceAsync("cleared");
        await using var other = await NewServiceAsync("kept");
        await service.Table.UpsertRow(Reminder("acme/1", "wake"));
        await other.Table.UpsertRow(Reminder("acme/1", "wake"));

        await service.Table.TestOnlyClearTable();

        Assert.Empty((await service.Table.ReadRows(Grain("acme/1"))).Reminders);
        Assert.Single((await other.Table.ReadRows(Grain("acme/1"))).Reminders);
    }

    private static GrainId Grain(string key) => GrainId.Create("device", key);

    private static ReminderEntry Reminder(string key, string name, TimeSpan? period = null) =>
        new() { GrainId = Grain(key), ReminderName = name, StartAt = Start, Period = period ?? TimeSpan.FromMinutes(1) };

    private async Task<Service> NewServiceAsync(string serviceId)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .Configure<ClusterOptions>(options => options.ServiceId = serviceId)
            .UseAdoNetReminderService(builder => builder.Configure(options =>
            {
                options.Invariant = ClusterDatabase.Invariant;
                options.ConnectionString = database.ConnectionString;
            }))
            .BuildServiceProvider();
        var service = new Service(services, services.GetRequiredService<IReminderTable>());
        await service.Table.StartAsync();
        return service;
    }

    private sealed record Service(ServiceProvider Services, IReminderTable Table) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Services.DisposeAsync();
    }
}

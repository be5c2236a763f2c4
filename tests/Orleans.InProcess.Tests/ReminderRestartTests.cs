using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.InProcess.Tests.Support;
using Orleans.Reminders;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Orleans.InProcess.Tests;

public sealed class ReminderRestartTests(ReminderRestartTests.Fixture silo) : IClassFixture<ReminderRestartTests.Fixture>
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_reminder_in_a_durable_table_goes_on_in_the_next_silo()
    {
        var key = SiloFixture.NewKey();
        await silo.Grains.GetGrain<IRemindedGrain>(key).Remind("wake", Period, Period);
        await silo.Clock.TimerArmed(Period);

        // Half a period passes before the restart; the next tick keeps its time all the same.
        silo.Clock.Advance(Period / 2);
        await silo.Cluster.RestartSiloAsync(silo.Cluster.Silos[0]);
        await silo.Clock.TimerArmed(Period / 2);
        Assert.Equal(0, silo.Probe.CountOf($"{key} wake"));
        silo.Clock.Advance(Period / 2);

        await silo.Probe.Reached($"{key} wake#1");
    }

    public sealed class Fixture : SiloFixture
    {
        private readonly DictionaryReminderTable _table = new();

        protected override void Configure(ISiloBuilder silo)
        {
            silo.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, Clock);
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(_table);
        }
    }
}

/// <summary>A table as an application would write one. It outlives the silo, as a database does.</summary>
internal sealed class DictionaryReminderTable : IReminderTable
{
    private readonly ConcurrentDictionary<(GrainId, string), ReminderEntry> _rows = new();

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Task.FromResult(new ReminderTableData(_rows.Values.Where(r => r.GrainId == grainId)));

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(new ReminderTableData(_rows.Values.Where(row =>
    {
        var hash = row.GrainId.GetUniformHashCode();
        return begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
    })));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Task.FromResult(_rows.GetValueOrDefault((grainId, reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = Guid.NewGuid().ToString();
        _rows[(entry.GrainId, entry.ReminderName)] = entry;
        return Task.FromResult<string?>(entry.ETag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        Task.FromResult(_rows.GetValueOrDefault((grainId, reminderName))?.ETag == eTag && _rows.TryRemove((grainId, reminderName), out _));

    public Task TestOnlyClearTable()
    {
        _rows.Clear();
        return Task.CompletedTask;
    }
}

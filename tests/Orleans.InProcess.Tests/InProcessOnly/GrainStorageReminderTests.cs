using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.InProcess.Tests.Support;
using Orleans.Runtime.Hosting;

namespace Orleans.InProcess.Tests.InProcessOnly;

public sealed class GrainStorageReminderTests(GrainStorageReminderTests.Fixture silo) : IClassFixture<GrainStorageReminderTests.Fixture>
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Reminders_in_a_durable_grain_storage_go_on_in_the_next_silo()
    {
        var keys = Enumerable.Range(0, 50).Select(_ => SiloFixture.NewKey()).ToList();
        await Task.WhenAll(keys.Select(key => silo.Grains.GetGrain<IRemindedGrain>(key).Remind("wake", Period, Period)));
        await silo.Grains.GetGrain<IRemindedGrain>(keys[0]).Forget("wake");

        await silo.Cluster.RestartSiloAsync(silo.Cluster.Silos[0]);
        await silo.Clock.TimerArmed(Period);
        silo.Clock.Advance(Period);

        await Task.WhenAll(keys.Skip(1).Select(key => silo.Probe.Reached($"{key} wake#1")));
        Assert.Equal(0, silo.Probe.CountOf($"{keys[0]} wake"));
        Assert.Equal(["wake"], await silo.Grains.GetGrain<IRemindedGrain>(keys[1]).Reminders());
    }

    public sealed class Fixture : SiloFixture
    {
        private readonly DictionaryStorage _storage = new();

        protected override void Configure(ISiloBuilder silo)
        {
            silo.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            silo.Services.AddGrainStorage("durable", (_, _) => _storage);
            silo.UseGrainStorageReminderService("durable");
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;
using Wuts.Testing;

namespace Wuts.Cluster.Tests.Providers;

/// <summary>All three providers at once, as silos use them.</summary>
public sealed class TwoSilosTests(ClusterDatabase database) : IClassFixture<ClusterDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [PostgreSqlFact]
    public async Task Two_silos_see_each_other_and_a_grain_finds_its_state_and_reminder_on_the_one_that_stays()
    {
        using var first = await TestSilo.StartAsync(database.ConnectionString, "two");
        using var second = await TestSilo.StartAsync(database.ConnectionString, "two");
        await Task.WhenAll(SeesAsync(first, 2), SeesAsync(second, 2));

        var grains = first.Services.GetRequiredService<IGrainFactory>();
        var counter = grains.GetGrain<ICounterGrain>("acme/número-1");
        Assert.Equal(1, await counter.Raise());
        Assert.Equal(2, await second.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>("acme/número-1").Raise());

        var (leaving, staying) = await counter.Where() == TestSilo.AddressOf(first).ToString() ? (first, second) : (second, first);
        await leaving.StopAsync();
        await SeesAsync(staying, 1);

        var moved = staying.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>("acme/número-1");
        Assert.Equal(3, await moved.Raise());
        Assert.Equal(TestSilo.AddressOf(staying).ToString(), await moved.Where());
        Assert.True(await moved.HasReminder());
        await staying.StopAsync();
    }

    private static async Task SeesAsync(IHost silo, int active)
    {
        using var patience = new CancellationTokenSource(Patience);
        var membership = silo.Services.GetRequiredService<IClusterMembershipService>();
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(patience.Token))
        {
            if (snapshot.Members.Values.Count(member => member.Status == SiloStatus.Active) == active)
            {
                return;
            }
        }
    }
}

[Alias("test.counter-grain")]
public interface ICounterGrain : IGrainWithStringKey
{
    [Alias("raise")]
    Task<int> Raise();

    [Alias("where")]
    Task<string> Where();

    [Alias("has-reminder")]
    Task<bool> HasReminder();
}

[GrainType("test-counter")]
public sealed class CounterGrain(
    [PersistentState("count")] IPersistentState<Pace> count,
    ILocalSiloDetails silo) : Grain, ICounterGrain, IRemindable
{
    private const string Reminder = "wake";

    public async Task<int> Raise()
    {
        count.State = count.State with { Rate = count.State.Rate + 1 };
        await count.WriteStateAsync();
        await this.RegisterOrUpdateReminder(Reminder, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        return count.State.Rate;
    }

    public Task<string> Where() => Task.FromResult(silo.SiloAddress.ToString());

    public async Task<bool> HasReminder() => await this.GetReminder(Reminder) is not null;

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}

using Wuts.EndToEnd.Tests;
using Wuts.EndToEnd.Tests.Faults;
using Wuts.Testing;
using Xunit.Abstractions;

namespace Wuts.Cluster.Tests.Faults;

/// <summary>Silos that die, stand still, come and go, in the middle of the work. How long each takes is in the table, and no test's business.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SiloTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(60);

    [PostgreSqlFact]
    public async Task A_killed_silo_loses_and_doubles_nothing()
    {
        await using var site = await ClusterSite.CreateAsync(silos: 3);
        await using var run = await FaultRun.BeginAsync(site, output);
        await run.LoadAsync(2000, 4000);
        await run.DisturbAsync("kill -9", site.Silos[1].KillAsync);
        await run.LoadAsync(20_000, 20_000);
        await ClusterSite.StartAsync(site.Silos[1]);
        await run.LoadAsync(3000, 5000);
        await run.DisturbAsync("kill -9", site.Silos[0].KillAsync);
        await run.LoadAsync(20_000, 20_000);

        await run.JudgeAsync("kill -9 of a silo, twice", output);

        AssertOnlyUnavailable(run);
    }

    [PostgreSqlFact]
    public async Task A_silo_killed_in_the_middle_of_two_thousand_paced_messages_delays_them_and_nothing_else()
    {
        await using var site = await ClusterSite.CreateAsync();
        await using var run = await FaultRun.BeginCampaignAsync(site, output, devices: 20, messages: 100);
        await run.LoadAsync(20_000, 30_000);
        await run.DisturbAsync("kill -9", site.Silos[0].KillAsync);

        await run.JudgeAsync("kill -9 of one of two silos in 2,000 paced messages", output);

        AssertOnlyUnavailable(run);
        Assert.Equal(2000, run.Requests.Select(request => request.NamedMessage).Distinct().Count(message => message is not null));
    }

    [PostgreSqlFact]
    public async Task One_of_two_silos_goes_on_alone()
    {
        await using var site = await ClusterSite.CreateAsync();
        await using var run = await FaultRun.BeginAsync(site, output);
        await run.LoadAsync(2000, 4000);
        await run.DisturbAsync("kill -9", site.Silos[0].KillAsync);
        await run.LoadAsync(20_000, 20_000);

        await run.JudgeAsync("kill -9 of one of two silos", output);

        AssertOnlyUnavailable(run);
    }

    [PostgreSqlFact]
    public async Task A_silo_that_was_taken_for_dead_and_comes_back_sends_nothing_twice()
    {
        await using var site = await ClusterSite.CreateAsync(silos: 3);
        await using var run = await FaultRun.BeginAsync(site, output);
        await run.LoadAsync(2000, 4000);
        await run.DisturbAsync("SIGSTOP", async () =>
        {
            await site.Silos[1].FreezeAsync();
            await Task.Delay(Freeze); // the fault itself
            await site.Silos[1].ResumeAsync();
        });
        await run.LoadAsync(5000, 5000);

        await run.JudgeAsync($"SIGSTOP of a silo for {Freeze.TotalSeconds:0} s", output);

        AssertOnlyUnavailable(run);
    }

    [PostgreSqlFact]
    public async Task A_silo_that_joins_takes_its_share_and_disturbs_nobody()
    {
        await using var site = await ClusterSite.CreateAsync();
        await using var run = await FaultRun.BeginAsync(site, output);
        await run.LoadAsync(1000, 2000);
        await run.DisturbAsync("silo added", site.AddSiloAsync);
        await run.LoadAsync(5000, 5000);

        await run.JudgeAsync("a silo added", output);

        Assert.Empty(run.Failures);
    }

    /// <summary>Whatever happens inside, a client is told to come again, or loses its connection: never that something went wrong.</summary>
    internal static void AssertOnlyUnavailable(FaultRun run) =>
        Assert.DoesNotContain(run.Failures.Keys, failure => failure.StartsWith('5') && !failure.StartsWith("503", StringComparison.Ordinal));
}

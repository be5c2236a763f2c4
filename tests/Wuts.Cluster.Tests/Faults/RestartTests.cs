using Wuts.EndToEnd.Tests;
using Wuts.EndToEnd.Tests.Faults;
using Wuts.Testing;
using Xunit.Abstractions;

namespace Wuts.Cluster.Tests.Faults;

/// <summary>What an operator does on purpose, and what he has to live with besides silos.</summary>
[Collection(ClusterCollection.Name)]
public sealed class RestartTests(ITestOutputHelper output)
{
    [PostgreSqlFact]
    public async Task A_rolling_restart_of_everything_fails_no_request()
    {
        await using var site = await ClusterSite.CreateAsync();
        await using var run = await FaultRun.BeginAsync(site, output);
        foreach (var process in (WutsProcess[])[.. site.Silos, .. site.Gateways])
        {
            await run.LoadAsync(2000, 3000);
            await run.DisturbAsync("restart", async () =>
            {
                Assert.Equal(0, await process.StopAsync());
                await ClusterSite.StartAsync(process);
            });
        }

        await run.LoadAsync(2000, 3000);
        await run.JudgeAsync("rolling restart of every process", output);

        Assert.Empty(run.Failures);
    }

    [PostgreSqlFact]
    public async Task A_killed_gateway_loses_and_doubles_nothing()
    {
        await using var site = await ClusterSite.CreateAsync();
        await using var run = await FaultRun.BeginAsync(site, output);
        await run.LoadAsync(1000, 2000);
        await run.DisturbAsync("kill -9", site.Gateways[1].KillAsync);
        await run.LoadAsync(5000, 5000);
        await ClusterSite.StartAsync(site.Gateways[1]);
        await run.LoadAsync(2000, 2000);

        await run.JudgeAsync("kill -9 of a gateway", output);

        SiloTests.AssertOnlyUnavailable(run);
    }

    [PostgreSqlFact]
    public async Task A_restarted_PostgreSQL_loses_and_doubles_nothing()
    {
        await using var site = await ClusterSite.CreateAsync();
        await using var run = await FaultRun.BeginAsync(site, output);
        await run.LoadAsync(1000, 2000);
        await run.DisturbAsync("PostgreSQL restarted", async () =>
        {
            await site.Server.CrashAsync();
            await Task.Delay(TimeSpan.FromSeconds(10)); // the fault itself
            await site.Server.RestartAsync();
        });
        await run.LoadAsync(5000, 5000);

        await run.JudgeAsync("PostgreSQL down for 10 s", output);

        SiloTests.AssertOnlyUnavailable(run);
    }

    [PostgreSqlFact]
    public async Task A_restarted_network_finds_every_device_again()
    {
        await using var site = await ClusterSite.CreateAsync();
        await using var run = await FaultRun.BeginAsync(site, output);
        await run.LoadAsync(1000, 2000);
        await run.DisturbAsync("network restarted", async () =>
        {
            await site.Network.KillAsync();
            await site.StartNetworkAsync();
        });
        await run.LoadAsync(5000, 5000);

        await run.JudgeAsync("kill -9 of the simulated network", output);

        SiloTests.AssertOnlyUnavailable(run);
    }
}

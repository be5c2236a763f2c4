using System.Diagnostics;
using System.Globalization;
using Wuts.EndToEnd.Tests;
using Wuts.EndToEnd.Tests.Faults;
using Wuts.Testing;
using Xunit.Abstractions;

namespace Wuts.Cluster.Tests.Faults;

/// <summary>
/// One thing after the other, and some at once, as chance has it, for a limited time. <c>WUTS_CHAOS_SEED</c> chooses the same faults
/// again, as far as a machine does the same twice; <c>WUTS_CHAOS_SECONDS</c> makes it longer.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    [PostgreSqlFact]
    public async Task Whatever_happens_nothing_is_lost_and_nothing_is_doubled()
    {
        var seed = Setting("WUTS_CHAOS_SEED") ?? Environment.TickCount;
        var time = TimeSpan.FromSeconds(Setting("WUTS_CHAOS_SECONDS") ?? 90);
        output.WriteLine($"WUTS_CHAOS_SEED={seed}");
        await using var site = await ClusterSite.CreateAsync(silos: 3);
        await using var run = await FaultRun.BeginAsync(site, output, seed);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < time)
        {
            await run.LoadAsync(500, 4000);
            await StrikeAsync(site, run);
        }

        await run.LoadAsync(3000, 3000);
        await run.JudgeAsync($"chaos for {time.TotalSeconds:0} s", output);

        SiloTests.AssertOnlyUnavailable(run);
    }

    private async Task StrikeAsync(ClusterSite site, FaultRun run)
    {
        var silo = site.Silos[run.Chance.Next(site.Silos.Count)];
        var gateway = site.Gateways[run.Chance.Next(site.Gateways.Count)];
        var (what, strike) = run.Chance.Next(6) switch
        {
            0 or 1 => ("kill -9 of a silo", () => KillAsync(silo, run)),
            2 => ("kill -9 of a gateway", () => KillAsync(gateway, run)),
            3 => ("restart of a silo", async () =>
            {
                await silo.StopAsync();
                await ClusterSite.StartAsync(silo);
            }),
            4 => ("SIGSTOP of a silo", async () =>
            {
                await silo.FreezeAsync();
                await run.LoadAsync(500, 15_000);
                await silo.ResumeAsync();
                await silo.StopAsync(); // it may have ended by itself, on learning that it was taken for dead
                await ClusterSite.StartAsync(silo);
            }),
            _ => ("crash of PostgreSQL", (Func<Task>)(async () =>
            {
                await site.Server.CrashAsync();
                await run.LoadAsync(100, 3000);
                await site.Server.RestartAsync();
            })),
        };
        output.WriteLine($"{DateTimeOffset.UtcNow:O} {what}");
        await run.DisturbAsync(what, strike);
    }

    private static async Task KillAsync(WutsProcess process, FaultRun run)
    {
        await process.KillAsync();
        await run.LoadAsync(0, 3000);
        await ClusterSite.StartAsync(process);
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}

using Wuts.EndToEnd.Tests.Load;
using Wuts.EndToEnd.Tests.Witnesses;
using Wuts.Testing;
using Xunit.Abstractions;

namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>The tenant's endpoints are dead for a while: half of them fail, half of them hang.</summary>
[Collection(FaultCollection.Name)]
public sealed class EndpointTests(ITestOutputHelper output)
{
    // Shorter than the first wait of the schedule, five seconds: no event fails twice, for the second wait is five minutes.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan BeyondTheSecondWait = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Webhooks_arrive_after_a_short_death_of_their_endpoint_on_SQLite()
    {
        await using var installation = Installation.OnSqlite();
        await DieShortlyAsync(installation);
    }

    [PostgreSqlFact]
    public async Task Webhooks_arrive_after_a_short_death_of_their_endpoint_on_PostgreSQL()
    {
        await using var installation = await Installation.OnPostgreSqlAsync();
        await DieShortlyAsync(installation);
    }

    [WallClockFact]
    public async Task Webhooks_arrive_after_a_longer_death_of_their_endpoint_however_long_they_are_to_wait()
    {
        await using var installation = Installation.OnSqlite();
        using var clock = new WallClock(installation.Process);
        await using var run = await FaultRun.BeginAsync(installation, output);
        await run.LoadAsync(1000, 2000);
        await run.DisturbAsync("endpoints dead", () => DieAsync(run, Long));
        clock.Step(BeyondTheSecondWait);
        await run.LoadAsync(1000, 2000);
        // An attempt that was under way as the clock was stepped, and failed after that, is tried again when six minutes have really passed.
        await run.JudgeAsync($"endpoints dead for {Long.TotalSeconds:0} s, then 6 min pass", output, BeyondTheSecondWait * 1.1, patience: BeyondTheSecondWait);
    }

    private async Task DieShortlyAsync(Installation installation)
    {
        await using var run = await FaultRun.BeginAsync(installation, output);
        await run.LoadAsync(1000, 2000);
        await run.DisturbAsync("endpoints dead", () => DieAsync(run, Short));
        await run.LoadAsync(500, 1000);
        await run.JudgeAsync($"endpoints dead for {Short.TotalSeconds:0} s", output);
    }

    private static async Task DieAsync(FaultRun run, TimeSpan time)
    {
        run.Receiver.IsDead = true;
        await Task.Delay(time); // the fault itself
        run.Receiver.IsDead = false;
    }
}

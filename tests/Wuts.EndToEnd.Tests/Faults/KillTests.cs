using Wuts.EndToEnd.Tests.Witnesses;
using Wuts.Testing;
using Xunit.Abstractions;

namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>kill -9 in the middle of the work.</summary>
[Collection(FaultCollection.Name)]
public sealed class KillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Twelve_kills_lose_and_double_nothing_on_SQLite()
    {
        await using var installation = Installation.OnSqlite();
        await KillAsync(installation, times: 12);
    }

    [PostgreSqlFact]
    public async Task Eight_kills_lose_and_double_nothing_on_PostgreSQL()
    {
        await using var installation = await Installation.OnPostgreSqlAsync();
        await KillAsync(installation, times: 8);
    }

    private async Task KillAsync(Installation installation, int times)
    {
        await using var run = await FaultRun.BeginAsync(installation, output);
        for (var kill = 0; kill < times; kill++)
        {
            await run.LoadAsync(100, 2500);
            await run.DisturbAsync("kill -9", installation.Process.KillAsync);
            Assert.True(await installation.Process.StartAsync(), installation.Process.Output);
        }

        await run.LoadAsync(500, 1000);
        await run.JudgeAsync($"kill -9, {times} times", output);
    }
}

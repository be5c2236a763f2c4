using Wuts.EndToEnd.Tests.Witnesses;
using Wuts.Testing;
using Xunit.Abstractions;

namespace Wuts.EndToEnd.Tests.Faults;

// Two classes, and not in the collection of the others: most of the time they only wait, and so they wait at the same time.

/// <summary>SIGSTOP: the process stands still with open connections, and goes on later as if no time had passed.</summary>
public sealed class FreezeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Half_a_minute_of_standing_still_loses_and_doubles_nothing()
    {
        await using var installation = Installation.OnSqlite();
        await FreezeAsync(installation, output);
    }

    internal static async Task FreezeAsync(Installation installation, ITestOutputHelper output)
    {
        await using var run = await FaultRun.BeginAsync(installation, output);
        await run.LoadAsync(1000, 2000);
        await run.DisturbAsync("SIGSTOP", async () =>
        {
            await installation.Process.FreezeAsync();
            await Task.Delay(Freeze); // the fault itself
            await installation.Process.ResumeAsync();
        });
        await run.LoadAsync(1000, 2000);
        await run.JudgeAsync($"SIGSTOP for {Freeze.TotalSeconds:0} s", output);
    }
}

public sealed class FreezeOnPostgreSqlTests(ITestOutputHelper output)
{
    [PostgreSqlFact]
    public async Task Half_a_minute_of_standing_still_loses_and_doubles_nothing()
    {
        await using var installation = await Installation.OnPostgreSqlAsync();
        await FreezeTests.FreezeAsync(installation, output);
    }
}

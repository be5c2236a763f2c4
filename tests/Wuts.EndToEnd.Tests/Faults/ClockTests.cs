using Wuts.EndToEnd.Tests.Witnesses;
using Xunit.Abstractions;

namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>The wall clock jumps under load.</summary>
/// <remarks>
/// What was accepted ahead of time is due only when the clock gets there again, so the clock does, at the end. The simulated network
/// plans its receipts by the same clock, and a planned one is not planned anew when the clock jumps: a restart frees it.
/// </remarks>
[Collection(FaultCollection.Name)]
public sealed class ClockTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Jump = TimeSpan.FromHours(1);

    [WallClockFact]
    public async Task A_clock_that_jumps_an_hour_ahead_and_back_and_ahead_loses_and_doubles_nothing()
    {
        await using var installation = Installation.OnSqlite();
        using var clock = new WallClock(installation.Process);
        await using var run = await FaultRun.BeginAsync(installation, output);
        await run.LoadAsync(1000, 2000);
        await run.DisturbAsync("clock an hour ahead", () => StepAsync(clock, Jump));
        await run.LoadAsync(2000, 3000);
        await run.DisturbAsync("clock an hour back", () => StepAsync(clock, TimeSpan.Zero));
        await run.LoadAsync(2000, 3000);
        await run.DisturbAsync("clock an hour ahead, and kill -9", () =>
        {
            clock.Step(Jump);
            return installation.Process.KillAsync();
        });
        Assert.True(await installation.Process.StartAsync(), installation.Process.Output);
        await run.LoadAsync(1000, 2000);
        await run.JudgeAsync("clock an hour ahead, back, and ahead with a restart", output, Jump * 1.1);
    }

    private static Task StepAsync(WallClock clock, TimeSpan offset)
    {
        clock.Step(offset);
        return Task.CompletedTask;
    }
}

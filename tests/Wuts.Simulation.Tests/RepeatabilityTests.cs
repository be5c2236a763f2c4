using System.Diagnostics;
using System.Globalization;
using Wuts.Simulation.Runner;
using Wuts.Simulation.Variants;
using Wuts.Simulation.World;

namespace Wuts.Simulation.Tests;

public sealed class RepeatabilityTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(10)]
    public void The_same_seed_twice_is_the_same_run_to_the_last_byte(int seed)
    {
        var once = Run(seed);
        var again = Run(seed);

        Assert.Equal((once.Step, once.Fingerprint), (again.Step, again.Fingerprint));
        Assert.Equal(once.Journal, again.Journal);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(10)]
    public async Task So_it_is_in_another_process(int seed)
    {
        var here = Run(seed);
        var file = Path.GetTempFileName();
        var there = await Start("--seed", seed.ToString(CultureInfo.InvariantCulture), "--journal", file);

        Assert.Contains($"step {here.Step}, fingerprint {here.Fingerprint:x16}", there, StringComparison.Ordinal);
        Assert.Equal(here.Journal, await File.ReadAllTextAsync(file));
        File.Delete(file);
    }

    [Fact]
    public void Another_seed_is_another_run() => Assert.NotEqual(Run(6).Journal, Run(10).Journal);

    [Fact]
    public void All_faults_that_struck_strike_again_where_they_alone_may()
    {
        var all = Run(6);
        var replayed = new Replay(6, new Variant(), all.Faults).Run();

        Assert.Equal((all.Step, all.Fingerprint), (replayed.Step, replayed.Fingerprint));
        Assert.Equal(all.Faults.AsEnumerable(), replayed.Faults.AsEnumerable());
    }

    private static Outcome Run(int seed) => new Replay(seed, new Variant()).Run();

    // There it fails, too, if anything goes to the thread pool. It has this folder's assemblies, so it must know of all of them.
    private static async Task<string> Start(params string[] arguments)
    {
        var folder = AppContext.BaseDirectory;
        var start = new ProcessStartInfo(
            "dotnet",
            ["exec", "--depsfile", Path.Combine(folder, "Wuts.Simulation.Tests.deps.json"), Path.Combine(folder, "Wuts.Simulation.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}

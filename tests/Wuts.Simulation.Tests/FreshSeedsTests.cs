using System.Security.Cryptography;
using Wuts.Simulation.Runner;
using Wuts.Simulation.Variants;
using Xunit.Abstractions;

namespace Wuts.Simulation.Tests;

public sealed class FreshSeedsTests(ITestOutputHelper output)
{
    private const int Most = 400;
    private const int Threads = 2;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Seeds_that_nobody_has_seen_keep_every_promise()
    {
        var from = RandomNumberGenerator.GetInt32(1, int.MaxValue - Most);
        output.WriteLine($"seeds from {from}");

        var tally = new SeedRunner(new Variant(), Threads, watch: null).Run(from, Most, Minute);

        output.WriteLine(TallyText.Total(tally));
        Seeds.MustPass(tally);
    }
}

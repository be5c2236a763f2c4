using Wuts.Simulation.Runner;
using Wuts.Simulation.Variants;
using Wuts.Simulation.World;

namespace Wuts.Simulation.Tests;

public sealed class OrderTests
{
    private static readonly Variant Product = new();

    [Fact]
    public void A_replay_that_was_printed_is_understood()
    {
        var replay = new Replay(123, Product, [new Fault("silo-crashes", 4), new Fault("flush-answer-lost", 17)]);

        Assert.Equal("make simulate SEED=123 FAULTS=silo-crashes:4,flush-answer-lost:17", replay.Command);
        var order = Assert.IsType<Order.OneRun>(Order.Parse(["--seed", "123", "--faults", "silo-crashes:4,flush-answer-lost:17"]));
        Assert.Equal(replay.Command, order.Replay.Command);
    }

    [Fact]
    public void A_replay_without_any_fault_is_not_one_with_all_of_them()
    {
        var none = Assert.IsType<Order.OneRun>(Order.Parse(["--seed=5", "--faults=none"])).Replay;
        var all = Assert.IsType<Order.OneRun>(Order.Parse(["--seed=5"])).Replay;

        Assert.Equal("make simulate SEED=5 FAULTS=none", none.Command);
        Assert.Equal("make simulate SEED=5", all.Command);
        Assert.Null(all.Only);
    }

    [Fact]
    public void A_long_run_takes_fresh_seeds_unless_told_from_where()
    {
        Assert.Equal((10000, (int?)null), Read("--seeds", "10000"));
        Assert.Equal((20, (int?)7), Read("--seeds", "20", "--from", "7"));

        static (int, int?) Read(params string[] args)
        {
            var order = Assert.IsType<Order.LongRun>(Order.Parse(args));
            return (order.Seeds, order.From);
        }
    }

    [Theory]
    [InlineData("--sedes", "3")]
    [InlineData("--seeds")]
    [InlineData("--seeds", "many")]
    [InlineData("--seed", "3", "--faults", "silo-crashes")]
    [InlineData("--seed", "3", "--variant", "nobody's")]
    public void What_makes_no_sense_is_refused_with_the_reason(params string[] args) =>
        Assert.NotEmpty(Assert.IsType<Order.Misused>(Order.Parse(args)).Problem);
}

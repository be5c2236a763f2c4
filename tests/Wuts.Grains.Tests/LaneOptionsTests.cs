using System.ComponentModel.DataAnnotations;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Grains.Tests;

public sealed class LaneOptionsTests
{
    [Fact]
    public void What_is_not_set_is_acceptable() => Assert.Null(Problem(new()));

    [Fact]
    public void A_lane_with_less_than_five_percent_is_refused_with_what_to_do() => Assert.Equal(
        "Wuts:Sending:Lanes:Marketing is 4 of 100: each lane needs at least 5 % of the sum. Raise it, or lower the others.",
        Problem(new() { Authentication = 71, Utility = 25, Marketing = 4 }));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void A_weight_out_of_range_is_named(int weight) => Assert.Equal(
        $"Wuts:Sending:Lanes:Utility must be from 1 to 1000; it is {weight}.", Problem(new() { Utility = weight }));

    [Fact]
    public void The_weights_are_those_that_were_set() =>
        Assert.Equal(new LaneWeights(60, 35, 5), new LaneOptions { Authentication = 60, Utility = 35, Marketing = 5 }.Weights);

    private static string? Problem(LaneOptions lanes)
    {
        var options = new SendingOptions { Lanes = lanes };
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new(options), results, validateAllProperties: true);
        return results.SingleOrDefault()?.ErrorMessage;
    }
}

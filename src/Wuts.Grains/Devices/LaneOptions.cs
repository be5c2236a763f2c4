using Wuts.Domain.Sending;

namespace Wuts.Grains.Devices;

/// <summary>
/// The weights of a device's lanes, each a whole number from 1 to 1,000: of the departures of a device in whose lanes messages are
/// always due, each lane has the part that its weight is of the sum. No lane may have less than 5 %. Section <c>Wuts:Sending:Lanes</c>.
/// </summary>
public sealed class LaneOptions
{
    private const int Most = 1000;

    /// <summary>One-time passwords. Default: 70.</summary>
    public int Authentication { get; set; } = LaneWeights.Default.Authentication;

    /// <summary>Utility and service. Default: 25.</summary>
    public int Utility { get; set; } = LaneWeights.Default.Utility;

    /// <summary>Marketing. Default: 5.</summary>
    public int Marketing { get; set; } = LaneWeights.Default.Marketing;

    internal LaneWeights Weights => new(Authentication, Utility, Marketing);

    /// <summary>What is wrong with them, in a sentence that names the setting; <c>null</c> when nothing is.</summary>
    internal string? Problem
    {
        get
        {
            var lanes = Enum.GetValues<Lane>();
            if (lanes.Where(lane => Weights[lane] is < 1 or > Most).Select(lane => (Lane?)lane).FirstOrDefault() is { } wrong)
            {
                return $"{SendingOptions.Section}:Lanes:{wrong} must be from 1 to {Most}; it is {Weights[wrong]}.";
            }

            return lanes.Where(Weights.Starves).Select(lane => (Lane?)lane).FirstOrDefault() is { } starved
                ? $"{SendingOptions.Section}:Lanes:{starved} is {Weights[starved]} of {Weights.Total}: each lane needs at least {LaneWeights.LeastPercent} % of the sum. Raise it, or lower the others."
                : null;
        }
    }
}

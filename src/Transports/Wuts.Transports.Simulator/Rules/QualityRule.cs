using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Rules;

/// <summary>
/// The published rule by which the simulated network rates a number: the share of complaints (blocks and reports) in its last
/// <see cref="Messages"/> messages, none older than <see cref="Memory"/>. It is judged with each message and each complaint, and
/// when a complaint grows too old. These thresholds are the simulator's own: WhatsApp says on what it looks, and not how.
/// </summary>
public static class QualityRule
{
    /// <summary>How many messages are looked at. A complaint counts until the number has sent this many more.</summary>
    public const int Messages = 200;

    /// <summary>A share is of at least this many, so that one block does not condemn a number that has sent little.</summary>
    public const int LeastMessages = 100;

    /// <summary>From this share a number is yellow, 0 to 1.</summary>
    public const double YellowShare = 0.02;

    /// <summary>From this share a number is red, 0 to 1.</summary>
    public const double RedShare = 0.05;

    /// <summary>What is older is forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(24);

    public static double Share(int complaints, int messages) => (double)complaints / Math.Max(messages, LeastMessages);

    public static QualityRating Rate(int complaints, int messages) => Share(complaints, messages) switch
    {
        >= RedShare => QualityRating.Red,
        >= YellowShare => QualityRating.Yellow,
        _ => QualityRating.Green,
    };
}

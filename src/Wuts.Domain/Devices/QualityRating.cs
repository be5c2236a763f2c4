namespace Wuts.Domain.Devices;

/// <summary>
/// How recipients take what a number sends, in the network's eyes, best first (Meta's names: GREEN, YELLOW, RED, UNKNOWN). The
/// numbers are stored: never change them.
/// </summary>
public enum QualityRating
{
    /// <summary>The network has said nothing yet.</summary>
    Unknown = 0,

    Green = 1,

    /// <summary>Many block or report it: slow down.</summary>
    Yellow = 2,

    /// <summary>So many that a restriction or a ban is near.</summary>
    Red = 3,
}

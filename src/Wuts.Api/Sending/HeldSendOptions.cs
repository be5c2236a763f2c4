using System.ComponentModel.DataAnnotations;

namespace Wuts.Api.Sending;

/// <summary>How long the answer to a send is held for its dispatch. Section <c>Wuts:HeldSends</c>.</summary>
public sealed class HeldSendOptions
{
    public const string Section = "Wuts:HeldSends";

    /// <summary>
    /// How long a client is kept waiting at most; then it is answered 202. Keep it below what proxies and the contract's write
    /// timeout of 120 seconds allow. 0 to 10 minutes. Default: 110 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ParseLimitsInInvariantCulture = true,
        ErrorMessage = $"{Section}:{nameof(Patience)} must be between 00:00:00 and 00:10:00.")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(110);

    /// <summary>
    /// How long one grain call may hold its answer; a longer wait is several calls, so that a silo may die in between. Keep it
    /// below the timeout of grain calls (30 seconds). 1 to 25 seconds. Default: 20 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:25", ParseLimitsInInvariantCulture = true,
        ErrorMessage = $"{Section}:{nameof(Slice)} must be between 00:00:01 and 00:00:25.")]
    public TimeSpan Slice { get; set; } = TimeSpan.FromSeconds(20);
}

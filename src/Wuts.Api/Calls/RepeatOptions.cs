using System.ComponentModel.DataAnnotations;

namespace Wuts.Api.Calls;

/// <summary>How long the front end rides over an outage before it answers 503. Section <c>Wuts:Repeats</c>.</summary>
public sealed class RepeatOptions
{
    public const string Section = "Wuts:Repeats";

    /// <summary>How long a failing call is repeated, counted from its first failure, 0 to 60 seconds. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ParseLimitsInInvariantCulture = true,
        ErrorMessage = $"{Section}:{nameof(Budget)} must be between 00:00:00 and 00:01:00.")]
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(10);
}

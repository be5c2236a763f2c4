using System.ComponentModel.DataAnnotations;
using Wuts.Domain.Sending;

namespace Wuts.Grains.Devices;

/// <summary>How devices send. Section <c>Wuts:Sending</c>.</summary>
public sealed class SendingOptions : IValidatableObject
{
    public const string Section = "Wuts:Sending";

    /// <summary>Attempts at one message that the network refuses for a passing reason, the first included. Default: 6.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 6;

    /// <summary>The longest wait after the first refused attempt; it doubles with each, with full jitter. Default: 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan RetryBase { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>No wait between attempts is longer than this. Default: 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan RetryCap { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the network may take to answer one send before its outcome counts as unknown. Default: 75 seconds, as WhatsApp's own clients wait.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(75);

    /// <summary>How long a linked device asks the network about a message of unknown outcome, and holds its chat, before it lets it be. Default: 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan UncertainHold { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often it asks. Default: 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan EvidenceInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a request for a pairing code, an attempt to link, or a question about a message may take. Default: 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:25")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>After how long a sent message without any receipt is flagged overdue. Default: 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan OverdueAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How many messages may wait in one device's queue, which is in memory, 100 to 10,000,000. More are refused with 503. Default:
    /// 100,000, of some 650 bytes each when each is of another chat, less otherwise.
    /// </summary>
    [Range(100, 10_000_000)]
    public int MaxQueued { get; set; } = 100_000;

    /// <summary>How a device divides its departures among the kinds of traffic.</summary>
    public LaneOptions Lanes { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Lanes.Problem is { } problem)
        {
            yield return new ValidationResult(problem);
        }
    }

    internal RetryPolicy Retry => new(MaxAttempts, RetryBase, RetryCap);
}

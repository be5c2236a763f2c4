using System.ComponentModel.DataAnnotations;
using Wuts.Domain.Pacing;

namespace Wuts.Grains.Pacing;

/// <summary>Between which paces a kind of number sends. Section <c>Wuts:Pace:Profiles:{name}</c>; the defaults said here are those of <c>default</c>.</summary>
public sealed class PaceProfileOptions
{
    /// <summary>
    /// The fastest, in messages a minute. Default: 4,800, which is 80 a second: what Meta lets a number of the Cloud API send
    /// (developers.facebook.com/documentation/business-messaging/whatsapp/throughput). <c>linked</c>: 20.
    /// </summary>
    [Range(0.01, 60_000_000)]
    public double CeilingPerMinute { get; set; } = 4800;

    /// <summary>The slowest that signals make it, in messages a minute. Default: 6. <c>linked</c>: 1.</summary>
    [Range(0.01, 60_000_000)]
    public double FloorPerMinute { get; set; } = 6;

    /// <summary>How much may be saved up while nothing is sent, as time. Default: 1 second. <c>linked</c>: none.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Burst { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After each such time without a signal the pace rises. Default: 5 minutes. <c>linked</c>: 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan RecoverEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>By which share of the ceiling it rises, 0.001 to 1. Default: 0.05.</summary>
    [Range(0.001, 1)]
    public double RecoverBy { get; set; } = 0.05;

    /// <summary>By how much of itself each gap may be longer, by chance, 0 to 10. Default: 0. <c>linked</c>: 1, so that 3 seconds are 3 to 6.</summary>
    [Range(0, 10)]
    public double Jitter { get; set; }

    /// <summary>After how many messages, on average, there is a pause, 2 to 1,000,000; 0 for none. Default: 0. <c>linked</c>: 25.</summary>
    [Range(0, 1_000_000)]
    public double PauseEvery { get; set; }

    /// <summary>The shortest pause. Default: 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ShortestPause { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest pause. Default: 90 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// The even gap between two messages to one recipient; none for no such limit, which is the default. The Cloud API's is 6 seconds,
    /// with bursts of up to 45 messages that are paid back afterwards (its error 131056).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan? PairGap { get; set; }

    /// <summary>How many messages to one recipient may leave at once, 1 to 1,000. Default: 1.</summary>
    [Range(1, 1000)]
    public int PairBurst { get; set; } = 1;

    /// <summary>A number that sends as a person would: what users of linked devices report to be safe is some 30 an hour to 20 a minute; the value is ours.</summary>
    internal static PaceProfileOptions Human => new()
    {
        CeilingPerMinute = 20,
        FloorPerMinute = 1,
        Burst = TimeSpan.Zero,
        RecoverEvery = TimeSpan.FromHours(1),
        Jitter = 1,
        PauseEvery = 25,
    };

    internal PaceProfile ToProfile() => new()
    {
        Ceiling = CeilingPerMinute / 60,
        Floor = FloorPerMinute / 60,
        Burst = Burst,
        RecoverEvery = RecoverEvery,
        RecoverBy = RecoverBy,
        Jitter = Jitter,
        PauseEvery = PauseEvery,
        ShortestPause = ShortestPause,
        LongestPause = LongestPause,
        PairGap = PairGap,
        PairBurst = PairBurst,
    };
}

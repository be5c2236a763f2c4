using System.ComponentModel.DataAnnotations;
using Wuts.Domain.Pacing;

namespace Wuts.Grains.Pacing;

/// <summary>How fast numbers send, and what slows them. Section <c>Wuts:Pace</c>.</summary>
/// <remarks>Where no source is named the value is ours: WhatsApp says what it looks at, and not how much is too much.</remarks>
public sealed class PaceOptions
{
    public const string Section = "Wuts:Pace";

    private const string Default = "default";
    private const string Linked = "linked";

    /// <summary>Whether numbers are held to a pace. Their health is judged either way. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The profiles by name. There are <c>default</c> and <c>linked</c>, whose values may be changed, and more may be added.</summary>
    public Dictionary<string, PaceProfileOptions> Profiles { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        [Default] = new(),
        [Linked] = PaceProfileOptions.Human,
    };

    /// <summary>Which profile the devices of a transport have. Default: <c>linked</c> for the transport of that name, and <c>default</c> for all others.</summary>
    public Dictionary<string, string> Transports { get; } = new(StringComparer.OrdinalIgnoreCase) { [Linked] = Linked };

    /// <summary>A signal of one kind slows a number at most once in this time. Default: 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CoolDown { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a message has for its first receipt before it counts as undelivered. Default: 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan ReceiptGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Of how many messages of a category shares are taken: the last ones. Default: 100.</summary>
    [Range(10, 10_000)]
    public int Sample { get; set; } = 100;

    /// <summary>Of fewer messages no share is taken. Default: 20.</summary>
    [Range(1, 10_000)]
    public int LeastSample { get; set; } = 20;

    /// <summary>From which share of undelivered messages a number slows, 0.01 to 1. Default: 0.3.</summary>
    [Range(0.01, 1)]
    public double UndeliveredShare { get; set; } = 0.3;

    /// <summary>
    /// From which share of messages that the network says were blocked or reported, 0.001 to 1. Default: 0.03, above which senders are
    /// restricted by the experience of providers (docs.pilotstatus.com.br/trust/whatsapp-blocks).
    /// </summary>
    [Range(0.001, 1)]
    public double BlockedShare { get; set; } = 0.03;

    /// <summary>From how many losses of the link within an hour. Default: 5.</summary>
    [Range(1, 1000)]
    public int DisconnectsPerHour { get; set; } = 5;

    /// <summary>How long nothing leaves after a network asked for less and did not say until when. Default: 1 second, Meta's window of throughput.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan ThrottleWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The share of the ceiling that a number is held to while its quality is yellow, 0.001 to 1. Default: 0.5.</summary>
    [Range(0.001, 1)]
    public double YellowShare { get; set; } = 0.5;

    /// <summary>The same while it is red. Default: 0.1.</summary>
    [Range(0.001, 1)]
    public double RedShare { get; set; } = 0.1;

    internal PacePolicy PolicyOf(string transport) => new(Profiles[Transports.GetValueOrDefault(transport, Default)].ToProfile(), new()
    {
        CoolDown = CoolDown,
        ReceiptGrace = ReceiptGrace,
        Sample = Sample,
        LeastSample = LeastSample,
        UndeliveredShare = UndeliveredShare,
        BlockedShare = BlockedShare,
        DisconnectsPerHour = DisconnectsPerHour,
        ThrottleWait = ThrottleWait,
        YellowShare = YellowShare,
        RedShare = RedShare,
    });
}

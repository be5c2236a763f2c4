using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Wuts.Server.Cluster;

/// <summary>How silos and gateways find each other. Section <c>Wuts:Cluster</c>.</summary>
public sealed class MembershipOptions : IValidatableObject
{
    public const string Section = "Wuts:Cluster";

    /// <summary>The name of the service, the same through all deployments: what is stored belongs to it. Default: <c>wuts</c>.</summary>
    [Required(ErrorMessage = $"{Section}:{nameof(ServiceId)} must be a name such as wuts.")]
    public string ServiceId { get; set; } = "wuts";

    /// <summary>The name of the cluster: processes with the same one, on the same database, are one cluster. Default: <c>wuts</c>.</summary>
    [Required(ErrorMessage = $"{Section}:{nameof(ClusterId)} must be a name such as wuts.")]
    public string ClusterId { get; set; } = "wuts";

    /// <summary>The TCP port for other silos, 1 to 65535. Default: 11111.</summary>
    [Range(1, 65535, ErrorMessage = $"{Section}:{nameof(SiloPort)} must be between 1 and 65535.")]
    public int SiloPort { get; set; } = 11111;

    /// <summary>The TCP port for gateways, 1 to 65535. Default: 30000.</summary>
    [Range(1, 65535, ErrorMessage = $"{Section}:{nameof(GatewayPort)} must be between 1 and 65535.")]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// The IP address at which the other processes reach this silo; a pod's own under Kubernetes. A loopback address also makes it
    /// listen there only. Default: the first address of this machine that is not a loopback address.
    /// </summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>The silo's name in logs and on the dashboard; a pod's own under Kubernetes. Default: the machine's name.</summary>
    [Required(ErrorMessage = $"{Section}:{nameof(SiloName)} must be a name, or left out.")]
    public string SiloName { get; set; } = Environment.MachineName;

    /// <summary>
    /// How often silos probe each other, and how long an answer may take, 0.5 to 30 seconds. Default: 2 seconds. With
    /// <see cref="MissedProbes"/> it decides how long a dead silo's devices stand still (about the product of both), and how long a silo
    /// may stand still (garbage collection, a frozen machine) without being taken for dead (about twice that).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:00:30", ParseLimitsInInvariantCulture = true,
        ErrorMessage = $"{Section}:{nameof(ProbeTimeout)} must be between 00:00:00.5 and 00:00:30.")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many probes in a row must fail before a silo is voted dead, 1 to 20. Default: 3.</summary>
    [Range(1, 20, ErrorMessage = $"{Section}:{nameof(MissedProbes)} must be between 1 and 20.")]
    public int MissedProbes { get; set; } = 3;

    /// <summary>
    /// How long a gateway waits for a silo before it asks again, 3 to 30 seconds. It repeats under the same id, so a short time costs
    /// nothing but a call; a long one is what an HTTP client waits when a silo has died. Default: 5 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:00:30", ParseLimitsInInvariantCulture = true, 
        ErrorMessage = $"{Section}:{nameof(ResponseTimeout)} must be between 00:00:03 and 00:00:30.")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call may hold its answer on purpose: what is left of the time is for the way.</summary>
    internal TimeSpan LongestHold => ResponseTimeout - TimeSpan.FromSeconds(2);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AdvertisedAddress is not null && !IPAddress.TryParse(AdvertisedAddress, out _))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(AdvertisedAddress)} is '{AdvertisedAddress}'; it must be an IP address such as 10.0.0.7, or left out.");
        }

        if (SiloPort == GatewayPort)
        {
            yield return new ValidationResult($"{Section}:{nameof(SiloPort)} and {Section}:{nameof(GatewayPort)} must differ; both are {SiloPort}.");
        }
    }
}

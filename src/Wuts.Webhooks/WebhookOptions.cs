using System.ComponentModel.DataAnnotations;

namespace Wuts.Webhooks;

/// <summary>How tenants' URLs may be reached. Section <c>Wuts:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Wuts:Webhooks";

    /// <summary>
    /// Whether <c>http</c>, any port and addresses that are not public may be used. For development only: with it a tenant
    /// reaches whatever this process reaches. Default: false.
    /// </summary>
    public bool AllowPrivateTargets { get; init; }

    /// <summary>Ports that URLs may use besides 443. Default: none.</summary>
    public int[] AllowedPorts { get; init; } = [];

    /// <summary>How many events of one endpoint may be under way at a time. Default: 8.</summary>
    [Range(1, 256, ErrorMessage = $"{Section}:{nameof(MaxConcurrencyPerEndpoint)} must be between 1 and 256.")]
    public int MaxConcurrencyPerEndpoint { get; init; } = 8;

    /// <summary>How long resolving, connecting and the TLS handshake may take together, 1 to 30 seconds. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30", ParseLimitsInInvariantCulture = true,
        ErrorMessage = $"{Section}:{nameof(ConnectTimeout)} must be between 00:00:01 and 00:00:30.")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection is reused; after it the host is resolved and vetted again. 1 second to 1 hour. Default: 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true,
        ErrorMessage = $"{Section}:{nameof(ConnectionLifetime)} must be between 00:00:01 and 01:00:00.")]
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(2);
}

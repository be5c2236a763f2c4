using System.ComponentModel.DataAnnotations;

namespace Wuts.Api.Limits;

/// <summary>What a request may weigh and how long it may take to arrive. Section <c>Wuts:Limits</c>. The defaults are the contract's.</summary>
public sealed class LimitOptions
{
    public const string Section = "Wuts:Limits";

    /// <summary>All header names and values of a request together, in bytes, 8 KB to 4 MB. More is answered 431. Default: 1 MB.</summary>
    [Range(8 * 1024, 4 * 1024 * 1024, ErrorMessage = $"{Section}:{nameof(HeaderBytes)} must be between 8192 and 4194304.")]
    public int HeaderBytes { get; init; } = 1024 * 1024;

    /// <summary>The body of a JSON request, in bytes, 64 KB to 64 MB. More is answered 413. Default: 1 MB.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024, ErrorMessage = $"{Section}:{nameof(BodyBytes)} must be between 65536 and 67108864.")]
    public int BodyBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a body may take to arrive, 1 second to 10 minutes. Longer is answered 408. Default: 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ParseLimitsInInvariantCulture = true,
        ErrorMessage = $"{Section}:{nameof(BodyTimeout)} must be between 00:00:01 and 00:10:00.")]
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long headers may take to arrive, 1 second to 10 minutes. Default: 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ParseLimitsInInvariantCulture = true,
        ErrorMessage = $"{Section}:{nameof(HeaderTimeout)} must be between 00:00:01 and 00:10:00.")]
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an idle connection is kept, 1 second to 10 minutes. Default: 65 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ParseLimitsInInvariantCulture = true,
        ErrorMessage = $"{Section}:{nameof(KeepAliveTimeout)} must be between 00:00:01 and 00:10:00.")]
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(65);

    /// <summary>
    /// How many requests of tenants one process has under way, those included that wait for their message to leave, 1 to 1,000,000.
    /// One more is answered 503. Default: 20,000, of some 10 KB each.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = $"{Section}:{nameof(ConcurrentRequests)} must be between 1 and 1000000.")]
    public int ConcurrentRequests { get; init; } = 20_000;
}

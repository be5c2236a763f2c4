using System.Collections.Immutable;
using Orleans;

namespace Wuts.Domain.Webhooks;

/// <summary>When a failed webhook is tried again.</summary>
public static class DeliverySchedule
{
    /// <summary>The waits of the example schedule of Standard Webhooks 1.0.0, about 75 hours in all.</summary>
    public static ImmutableArray<TimeSpan> Standard { get; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>
    /// The wait after the <paramref name="failed"/>-th failed attempt (from 1), or <c>null</c> when it was the last: the event
    /// becomes a dead letter. An endpoint's own number of retries cuts the schedule short, or repeats its last wait.
    /// </summary>
    /// <param name="jitter">0 to 1; up to a tenth is added to the wait, so that many events do not return at once.</param>
    /// <param name="retryAfter">What the receiver asked for; honoured when it is the longer, up to a day.</param>
    public static TimeSpan? Next(int failed, int? retries, double jitter, TimeSpan? retryAfter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failed, 1);
        if (failed > (retries ?? Standard.Length))
        {
            return null;
        }

        var wait = Standard[Math.Min(failed, Standard.Length) - 1] * (1 + 0.1 * jitter);
        var asked = retryAfter < TimeSpan.FromDays(1) ? retryAfter.Value : retryAfter is null ? TimeSpan.Zero : TimeSpan.FromDays(1);
        return asked > wait ? asked : wait;
    }
}

/// <summary>What a delivery attempt met.</summary>
public enum WebhookVerdict
{
    /// <summary>2xx.</summary>
    Delivered,

    /// <summary>Anything that may pass: a timeout, a refused connection, 3xx, 4xx, 5xx. Tried again on the schedule.</summary>
    Failed,

    /// <summary>410 Gone: the receiver wants no more, ever. The endpoint is disabled.</summary>
    Gone,
}

/// <summary>How one attempt to deliver one event ended.</summary>
/// <param name="StatusCode">The HTTP status, or <c>null</c> when there was no answer.</param>
/// <param name="Error">Why there was no 2xx, for people; at most 1,000 characters.</param>
/// <param name="RetryAfter">The receiver's own wish on 429 or 503.</param>
[GenerateSerializer, Immutable, Alias("wuts.webhook-attempt")]
public sealed record WebhookAttempt(
    [property: Id(0)] WebhookVerdict Verdict,
    [property: Id(1)] int? StatusCode,
    [property: Id(2)] string? Error,
    [property: Id(3)] TimeSpan Duration,
    [property: Id(4)] TimeSpan? RetryAfter = null);

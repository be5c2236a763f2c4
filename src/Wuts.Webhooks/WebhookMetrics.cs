using System.Diagnostics;
using System.Diagnostics.Metrics;
using Wuts.Domain.Webhooks;

namespace Wuts.Webhooks;

/// <summary>What is measured of webhook deliveries; its count by verdict is the delivery counter that the contract's metrics page names.</summary>
public sealed class WebhookMetrics(IMeterFactory meters)
{
    public const string DurationName = "wuts.webhook.duration";

    private readonly Histogram<double> _duration = meters.Create("Wuts").CreateHistogram(
        DurationName,
        unit: "s",
        description: "How long attempts to deliver a webhook took, by verdict.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    internal void Record(WebhookAttempt attempt) => _duration.Record(
        attempt.Duration.TotalSeconds,
        new TagList
        {
            {
                "wuts.webhook.verdict",
                attempt.Verdict switch
                {
                    WebhookVerdict.Delivered => "delivered",
                    WebhookVerdict.Gone => "gone",
                    _ => "failed",
                }
            },
        });
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Wuts.Domain.Webhooks;

namespace Wuts.Webhooks;

/// <summary>What is measured of webhook deliveries; its count by verdict is the delivery counter that the contract's metrics page names.</summary>
public sealed class WebhookMetrics(IMeterFactory meters)
{
    public const string DurationName = "wuts.webhook.duration";

    private readonly Histogram<double> _duration = meters.Create("Wuts").CreateHistogram<double>(
        DurationName, unit: "s", description: "How long attempts to deliver a webhook took, by verdict.");

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

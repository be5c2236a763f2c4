using Orleans;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Telemetry;
using Wuts.Webhooks;

namespace Wuts.Grains.Webhooks;

// One attempt, and what those who watch are told of it.
internal sealed partial class WebhookEndpointGrain
{
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.Forget(this);
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    private async Task<Delivery> Send(WebhookEndpoint endpoint, WebhookSecret? secret, Job job, CancellationToken cancellationToken)
    {
        using var place = gates.WebhookWorkers.Enter(_key.TenantId, weight: 1);
        await place.WhenAdmitted(cancellationToken);
        using var span = Tracing.Deliver(_key, job.Event, job.Attempt);
        var envelope = WebhookEnvelope.Render(
            endpoint, secret, job.Event.Sequence, new(job.Event.Type, job.Event.At), job.Event.Message, job.Event.DataJson);
        var attempt = await sender.SendAsync(endpoint, secret, envelope, cancellationToken);
        span?.SetTag("http.response.status_code", attempt.StatusCode);
        if (attempt.Verdict != WebhookVerdict.Delivered)
        {
            span.Failed(attempt.StatusCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no_answer");
        }

        return new(job, attempt);
    }
}

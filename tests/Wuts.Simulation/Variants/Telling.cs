using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Simulation.Network;
using Wuts.Storage;

namespace Wuts.Simulation.Variants;

/// <summary>Events count as dealt with as soon as they are read: what was under way in a crash is never told.</summary>
internal sealed class WebhookProgressAheadOfDelivery : Variant
{
    public override string Name => "webhook-progress-ahead-of-delivery";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IWebhookStore>((_, whole) => new Store(whole));

    private sealed class Store(IWebhookStore whole) : WebhookStoreDecorator(whole)
    {
        public override async Task<ImmutableArray<OutboxEvent>> ReadAfterAsync(
            string tenantId, string endpointId, long afterSequence, int limit, CancellationToken cancellationToken)
        {
            var events = await base.ReadAfterAsync(tenantId, endpointId, afterSequence, limit, cancellationToken);
            if (events is [.., var last])
            {
                await SaveProgressAsync(new(tenantId, endpointId, last.Sequence, []), cancellationToken);
            }

            return events;
        }
    }
}

/// <summary>An event that its receiver did not take is counted as dealt with, and not kept for another try.</summary>
internal sealed class WebhookTriedOnce : Variant
{
    public override string Name => "webhook-tried-once";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IWebhookStore>((_, whole) => new Store(whole));

    private sealed class Store(IWebhookStore whole) : WebhookStoreDecorator(whole)
    {
        public override Task SaveProgressAsync(WebhookProgress progress, CancellationToken cancellationToken) =>
            base.SaveProgressAsync(progress with { Attempts = [] }, cancellationToken);
    }
}

/// <summary>An answer is an answer, whatever its status.</summary>
internal sealed class AnyAnswerIsADelivery : Variant
{
    public override string Name => "any-answer-is-a-delivery";

    public override HttpMessageHandler NewInternet(HttpMessageHandler receivers) => new Handler(receivers);

    private sealed class Handler(HttpMessageHandler whole) : DelegatingHandler(whole)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.StatusCode = HttpStatusCode.OK;
            return response;
        }
    }
}

/// <summary>The id of an event is made when it is posted: a receiver cannot know that it has it already.</summary>
internal sealed class WebhookIdNewForEachTry : Variant
{
    public override string Name => "webhook-id-new-for-each-try";

    public override HttpMessageHandler NewInternet(HttpMessageHandler receivers) => new Handler(receivers);

    private sealed class Handler(HttpMessageHandler whole) : DelegatingHandler(whole)
    {
        private int _posted;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Remove("webhook-id");
            request.Headers.Add("webhook-id", string.Create(CultureInfo.InvariantCulture, $"post-{++_posted}"));
            return base.SendAsync(request, cancellationToken);
        }
    }
}

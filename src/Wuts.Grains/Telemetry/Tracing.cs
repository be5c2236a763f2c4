using System.Diagnostics;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Storage;

namespace Wuts.Grains.Telemetry;

/// <summary>
/// The spans of a message's life. A trace begins where a request comes in; what happens later, in a timer's turn or in another process,
/// finds it by the <c>traceparent</c> that is stored with the message. So a message that is not traced has no spans here at all.
/// Never a phone number, a text or a token in a tag.
/// </summary>
internal static class Tracing
{
    public const string SourceName = "Wuts";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody listens. Without that nothing here costs anything.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>A device takes a message in, and perhaps holds the answer.</summary>
    public static Activity? Send(DeviceKey device, string messageId) =>
        About(Source.StartActivity("wuts.device.send"), device.TenantId, device.DeviceId, messageId);

    /// <summary>What is to be stored with a message: nothing, unless the span is recorded.</summary>
    public static string? ToStore(Activity? span) => span is { Recorded: true, IdFormat: ActivityIdFormat.W3C } ? span.Id : null;

    /// <summary>A device has come to a message in its queue.</summary>
    public static Activity? Dispatch(DeviceKey device, string messageId, string? traceParent) =>
        About(Continue("wuts.message.dispatch", ActivityKind.Consumer, traceParent), device.TenantId, device.DeviceId, messageId);

    /// <summary>A message is handed to the network.</summary>
    public static Activity? HandOver(DeviceKey device, Message message, string transport)
    {
        var span = Continue("wuts.transport.send", ActivityKind.Client, Within(message.Envelope.TraceParent));
        span?.SetTag("wuts.transport", transport).SetTag("wuts.attempt", message.Attempt);
        return About(span, device.TenantId, device.DeviceId, message.Envelope.Id);
    }

    /// <summary>The network has told something of a message. What brought it here, where that is traced, is linked.</summary>
    public static Activity? ProviderEvent(Message message, string stages)
    {
        var envelope = message.Envelope;
        ActivityLink[] links = Activity.Current is { Recorded: true } bringer ? [new(bringer.Context)] : [];
        var span = Continue("wuts.provider.event", ActivityKind.Consumer, envelope.TraceParent, links);
        span?.SetTag("wuts.delivery.stages", stages);
        return About(span, envelope.TenantId, envelope.DeviceId, envelope.Id);
    }

    /// <summary>An event is posted to its tenant's endpoint, which hears nothing of the trace.</summary>
    public static Activity? Deliver(EndpointKey endpoint, OutboxEvent @event, int attempt)
    {
        var span = Continue("wuts.webhook.deliver", ActivityKind.Producer, @event.TraceParent);
        span?.SetTag("wuts.webhook.endpoint", endpoint.EndpointId).SetTag("wuts.webhook.event", @event.Type).SetTag("wuts.attempt", attempt);
        return About(span, endpoint.TenantId, @event.Message?.Envelope.DeviceId, @event.Message?.Envelope.Id);
    }

    /// <summary>The span to go on from in a message's trace: the current one if it belongs there, else the stored one.</summary>
    public static string? Within(string? traceParent) =>
        traceParent is not null
        && Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } current
        && traceParent.Contains(current.TraceId.ToHexString(), StringComparison.Ordinal)
            ? current.Id
            : traceParent;

    /// <summary>Notes what broke, by its kind: its sentence may tell too much.</summary>
    public static void Failed(this Activity? span, Exception exception) => span.Failed(exception.GetType().Name);

    public static void Failed(this Activity? span, string kind) => span?.SetStatus(ActivityStatusCode.Error, kind).SetTag("error.type", kind);

    private static Activity? Continue(string name, ActivityKind kind, string? traceParent, ActivityLink[]? links = null) =>
        traceParent is not null && IsOn && ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Source.StartActivity(name, kind, parent, links: links)
            : null;

    private static Activity? About(Activity? span, string tenantId, string? deviceId, string? messageId)
    {
        if (span?.IsAllDataRequested == true)
        {
            span.SetTag("messaging.system", "whatsapp")
                .SetTag("messaging.message.id", messageId)
                .SetTag("wuts.tenant.id", tenantId)
                .SetTag("wuts.device.id", deviceId);
        }

        return span;
    }
}

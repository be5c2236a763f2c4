using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Grains.Telemetry;

namespace Wuts.Grains.Devices;

// What those who watch are told of the device.
internal sealed partial class DeviceGrain
{
    private (DateTimeOffset Began, DateTimeOffset Ended)? _lastHandOver;

    public Task<SendAnswer> Send(SendCommand command, CancellationToken cancellationToken) =>
        Tracing.IsOn ? SendTraced(command, cancellationToken) : TakeIn(command, traceParent: null, cancellationToken);

    private async Task<SendAnswer> SendTraced(SendCommand command, CancellationToken cancellationToken)
    {
        using var span = Tracing.Send(_key, command.MessageId);
        try
        {
            return await TakeIn(command, Tracing.ToStore(span), cancellationToken);
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }

    private async Task<SendOutcome> SendMeasured(Message message, bool held)
    {
        var began = clock.GetUtcNow();
        NoteDeparture(message, held, began);
        using var span = Tracing.HandOver(_key, message, _transport.Name);
        var started = clock.GetTimestamp();
        var outcome = await SendOnce(message);
        _lastHandOver = (began, clock.GetUtcNow());
        metrics.HandedOver(_transport.Name, outcome, clock.GetElapsedTime(started));
        span?.SetTag("wuts.outcome", DeviceMetrics.NameOf(outcome));
        if (outcome is not SendOutcome.Accepted)
        {
            span.Failed(outcome is SendOutcome.Refused refused ? refused.Failure.Code : DeviceMetrics.NameOf(outcome));
        }

        return outcome;
    }

    private void NoteDeparture(Message message, bool held, DateTimeOffset now)
    {
        if (message.Attempt == 1 && !held) // of one that waited for its day it would say nothing of how fast we are
        {
            metrics.LeftAfter(now - message.Envelope.DueAt);
        }

        // Of a message that came later it would say how busy the tenant is, not how fast the device.
        if (_lastHandOver is { } last && message.Envelope.DueAt < last.Ended)
        {
            metrics.Paced(now - last.Began);
        }
    }

    // Read on any thread: each of these is replaced as a whole.
    private DeviceReading Read() => new(_key.TenantId, _transport.Name, _session.State, _queue.Count, _queue.NextReadyAt, _doubtful.Count);
}

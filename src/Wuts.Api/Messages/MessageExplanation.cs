using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Wuts.Api.Calls;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Waiting;
using Wuts.Grains.Devices;
using Wuts.Storage;

namespace Wuts.Api.Messages;

/// <summary>A message with its timeline and, while it has not left, what it waits for. Its device is asked; the rest is read from its row.</summary>
internal sealed partial class MessageExplanation(IMessageStore messages, IGrainFactory grains, TimeProvider clock, ILogger<MessageExplanation> logger)
{
    public async Task<(Message Message, ImmutableArray<TimelineEntry> Timeline, WaitingFor? Waiting)> OfAsync(Message message, CancellationToken cancellationToken)
    {
        var timeline = await TimelineOfAsync(message, cancellationToken);
        var waiting = await WaitingForAsync(message, timeline);
        if (waiting?.Reason != WaitReason.PickUp)
        {
            return (message, timeline, waiting);
        }

        // Its device does not have it any more, or not yet: it may have left since its row was read.
        message = await messages.FindAsync(message.Envelope.TenantId, message.Envelope.Id, cancellationToken) ?? message;
        timeline = await TimelineOfAsync(message, cancellationToken);
        return (message, timeline, WaitingMessage.Of(message, timeline) is null ? null : waiting);
    }

    private Task<ImmutableArray<TimelineEntry>> TimelineOfAsync(Message message, CancellationToken cancellationToken) =>
        messages.ReadTimelineAsync(message.Envelope.TenantId, message.Envelope.Id, cancellationToken);

    private async Task<WaitingFor?> WaitingForAsync(Message message, ImmutableArray<TimelineEntry> timeline)
    {
        if (WaitingMessage.Of(message, timeline) is not { } row)
        {
            return null;
        }

        try
        {
            var device = grains.GetGrain<IDeviceGrain>(new DeviceKey(message.Envelope.TenantId, message.Envelope.DeviceId).ToString());
            return await device.Explain(row) ?? ByItsRow(row);
        }
        catch (Exception e) when (RepeatedCalls.IsOutage(e))
        {
            Log.DeviceUnreachable(logger, e, message.Envelope.Id);
            return ByItsRow(row);
        }
    }

    private WaitingFor ByItsRow(WaitingMessage row) => WaitingFor.Of(row, place: null, facts: null, clock.GetUtcNow());

    private static partial class Log
    {
        [LoggerMessage(8050, LogLevel.Warning, "The device of message {MessageId} could not say what it waits for")]
        public static partial void DeviceUnreachable(ILogger logger, Exception exception, string messageId);
    }
}

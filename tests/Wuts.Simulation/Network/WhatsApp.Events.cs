using System.Collections.Immutable;
using System.Globalization;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Testing.Checking;
using Wuts.Transports;

namespace Wuts.Simulation.Network;

// What it tells, at least once: late, twice, in any order, sometimes of messages that nobody knows.
public sealed partial class WhatsApp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly List<AcknowledgedReceipt> _acknowledged = [];
    private readonly List<AcknowledgedInbound> _received = [];
    private int _inbound;

    /// <summary>The receipts that were taken from it.</summary>
    public IReadOnlyList<AcknowledgedReceipt> Acknowledged => _acknowledged;

    /// <summary>The messages of others that were taken from it.</summary>
    public IReadOnlyList<AcknowledgedInbound> Received => _received;

    /// <summary>Events that were not taken yet.</summary>
    public int Undelivered { get; private set; }

    /// <summary>Events handed over a second time on purpose.</summary>
    public int Repeated { get; private set; }

    /// <summary>A process that takes events now, and what takes them there; <c>null</c> when there is none.</summary>
    public Func<(SimulatedNode Node, IDeviceEventSink Sink)?> ChooseSink { get; set; } = static () => null;

    /// <summary>Somebody writes to a number.</summary>
    public void Receive(DeviceKey device, string from, string text = "hello")
    {
        var account = AccountOf(device);
        var id = string.Create(CultureInfo.InvariantCulture, $"inbound-{++_inbound}");
        Hear(device, from, id, text);
        Deliver(device, new DeviceEvent.MessageReceived(new(id, from, from, account.Jid, text, null, node.Clock.GetUtcNow())));
    }

    private void Tell(Taken taken, bool isHeard)
    {
        DeliveryStage[] stages = !isHeard ? [DeliveryStage.Sent]
            : faults.Strikes("message-fails-later", 0.03) ? [DeliveryStage.Failed]
            : faults.Strikes("message-never-arrives", 0.03) ? [DeliveryStage.Sent]
            : [DeliveryStage.Sent, DeliveryStage.Delivered, DeliveryStage.Read];
        var at = taken.At;
        foreach (var stage in stages)
        {
            at += TimeSpan.FromSeconds(stage == DeliveryStage.Sent ? 0 : chance.NextDouble() * (chance.Next(10) == 0 ? 600 : 5));
            Deliver(taken.Device, new DeviceEvent.Receipt(taken.Id, new(stage, at, stage == DeliveryStage.Failed ? NotOnWhatsApp : null)), at - taken.At);
        }

        if (faults.Strikes("receipt-for-nobody", 0.05))
        {
            var stranger = chance.Next(2) == 0 ? "nobody" : $"3EB0{chance.NextInt64():X20}";
            Deliver(taken.Device, new DeviceEvent.Receipt(stranger, new(DeliveryStage.Delivered, taken.At)));
        }
    }

    private void Deliver(DeviceKey device, DeviceEvent @event, TimeSpan notBefore = default)
    {
        var copies = faults.Strikes("event-twice", 0.2) ? 1 + chance.Next(1, 3) : 1;
        Repeated += copies - 1;
        for (var copy = 0; copy < copies; copy++)
        {
            var delay = notBefore
                + (faults.Strikes("event-late-by-days", 0.0004) ? TimeSpan.FromHours(chance.Next(12, 72))
                    : faults.Strikes("event-late", 0.1) ? TimeSpan.FromSeconds(chance.Next(5, 3600))
                    : TimeSpan.FromMilliseconds(chance.Next(100)));
            Undelivered++;
            node.Start(() => DeliverAsync(device, @event, delay));
        }
    }

    private async Task DeliverAsync(DeviceKey device, DeviceEvent @event, TimeSpan delay)
    {
        await Task.Delay(delay, node.Clock);
        for (var pause = 1; !await TryDeliverAsync(device, @event); pause = Math.Min(pause * 2, 60))
        {
            await Wait(pause, pause * 2);
        }

        Undelivered--;
        switch (@event)
        {
            case DeviceEvent.Receipt receipt:
                _acknowledged.Add(new(node.Clock.GetUtcNow(), receipt.ProviderId, receipt.Event.Stage));
                break;
            case DeviceEvent.MessageReceived received:
                var message = received.Message;
                _received.Add(new(node.Clock.GetUtcNow(), device.TenantId, device.DeviceId, message.Id) { Chat = message.ChatJid, CameAt = message.At, Text = message.Text });
                break;
        }
    }

    private async Task<bool> TryDeliverAsync(DeviceKey device, DeviceEvent @event)
    {
        if (ChooseSink() is not { } to)
        {
            return false;
        }

        using var enough = new CancellationTokenSource();
        ImmutableArray<DeviceEvent> events = [@event];
        var handled = to.Node.Run(() => to.Sink.HandleAsync(device, events, CancellationToken.None));
        var patience = Task.Delay(Patience, node.Clock, enough.Token);
        if (await Task.WhenAny(handled, patience) != handled)
        {
            return false;
        }

        enough.Cancel();
        return handled.IsCompletedSuccessfully;
    }
}

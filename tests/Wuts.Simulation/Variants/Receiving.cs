using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Simulation.Network;
using Wuts.Storage;
using Wuts.Transports;

namespace Wuts.Simulation.Variants;

/// <summary>The row says what came last, not what is the strongest.</summary>
internal sealed class EventsWithoutTheLattice : Variant
{
    public override string Name => "events-without-the-lattice";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((_, whole) => new Store(whole));

    private sealed class Store(IMessageStore whole) : MessageStoreDecorator(whole)
    {
        public override Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken) => base.WriteAsync(
            transition.Timeline.LastOrDefault(entry => entry.Source == TimelineSource.Network) is { } last && StageOf(last.Kind) is { } stage
                ? transition with { Message = transition.Message with { Delivery = MessageDelivery.None.Apply(new(stage, last.At)) } }
                : transition,
            fenced,
            cancellationToken);

        private static DeliveryStage? StageOf(TimelineKind kind) => kind switch
        {
            TimelineKind.Sent => DeliveryStage.Sent,
            TimelineKind.Delivered => DeliveryStage.Delivered,
            TimelineKind.Read => DeliveryStage.Read,
            _ => null,
        };
    }
}

/// <summary>The network is told that its events are kept while they are still on their way to the grain.</summary>
internal sealed class ReceiptsAcknowledgedBeforeTheyAreStored : Variant
{
    public override string Name => "receipts-acknowledged-before-they-are-stored";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IDeviceEventSink>((_, whole) => new Sink(whole));

    private sealed class Sink(IDeviceEventSink whole) : IDeviceEventSink
    {
        public Task HandleAsync(DeviceKey device, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken)
        {
            _ = whole.HandleAsync(device, events, cancellationToken);
            return Task.CompletedTask;
        }
    }
}

/// <summary>Events that cannot be handled are logged and forgotten, lest they come again and again.</summary>
internal sealed class ReceiptsThatFailAreDropped : Variant
{
    public override string Name => "receipts-that-fail-are-dropped";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IDeviceEventSink>((_, whole) => new Sink(whole));

    private sealed class Sink(IDeviceEventSink whole) : IDeviceEventSink
    {
        public async Task HandleAsync(DeviceKey device, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken)
        {
            try
            {
                await whole.HandleAsync(device, events, cancellationToken);
            }
#pragma warning disable CA1031 // That is the mistake.
            catch (Exception)
#pragma warning restore CA1031
            {
                // Nobody hears of it.
            }
        }
    }
}

/// <summary>A receipt for a message that is not known to have left is taken for a stranger's.</summary>
internal sealed class ReceiptsDroppedWhenUnknown : Variant
{
    public override string Name => "receipts-dropped-when-unknown";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IDeviceEventSink>((services, whole) => new Sink(whole, services.GetRequiredService<IMessageStore>()));

    private sealed class Sink(IDeviceEventSink whole, IMessageStore messages) : IDeviceEventSink
    {
        public async Task HandleAsync(DeviceKey device, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken)
        {
            foreach (var @event in events)
            {
                var about = @event is DeviceEvent.Receipt receipt ? await messages.FindAsync(device.TenantId, receipt.ProviderId, cancellationToken) : null;
                if (about is not { Dispatch: MessageState.Dispatching or MessageState.Uncertain })
                {
                    await whole.HandleAsync(device, [@event], cancellationToken);
                }
            }
        }
    }
}

/// <summary>What came in is kept under an id of our own making, so that each repetition is news.</summary>
internal sealed class InboundUnderAnIdOfOurOwn : Variant
{
    public override string Name => "inbound-under-an-id-of-our-own";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IInboxStore>((_, whole) => new Store(whole, node));

    private sealed class Store(IInboxStore whole, SimulatedNode silo) : IInboxStore
    {
        public Task<int> AppendReceivedAsync(
            DeviceKey device, ImmutableArray<ReceivedMessage> messages, CancellationToken cancellationToken) =>
            whole.AppendReceivedAsync(
                device,
                [.. messages.Select(m => m with { Message = m.Message with { Id = $"{m.Message.Id} at {silo.Clock.GetTimestamp()}" } })],
                cancellationToken);

        public Task AppendOrphansAsync(
            DeviceKey device, ImmutableArray<DeviceEvent.Receipt> receipts, DateTimeOffset at, CancellationToken cancellationToken) =>
            whole.AppendOrphansAsync(device, receipts, at, cancellationToken);

        public Task AppendNoticeAsync(DeviceKey device, string id, DeviceNotice notice, CancellationToken cancellationToken) =>
            whole.AppendNoticeAsync(device, id, notice, cancellationToken);
    }
}

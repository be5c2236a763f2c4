using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Grains.Hosting;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Grains.Messages;
using Wuts.Simulation.Network;
using Wuts.Storage;

namespace Wuts.Simulation.Variants;

/// <summary>A device's queue lives in memory: a new activation knows nothing of what the one before had accepted.</summary>
internal sealed class QueueRebuiltFromMemory : Variant
{
    public override string Name => "queue-rebuilt-from-memory";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((_, whole) => new Store(whole));

    private sealed class Store(IMessageStore whole) : MessageStoreDecorator(whole)
    {
        public override Task<ImmutableArray<UnsentMessage>> ListUnsentAsync(
            DeviceKey device, long afterPosition, int limit, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<UnsentMessage>.Empty);
    }
}

/// <summary>Nobody wakes what is stored and asleep, nor looks for receipts that never came.</summary>
internal sealed class NoSweep : Variant
{
    public override string Name => "no-sweep";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Services.Remove(silo.Services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name == "Sweep"));
}

/// <summary>The silos divide the sweep among them, and nobody takes the part of the first.</summary>
internal sealed class SweepWithAGap : Variant
{
    public override string Name => "sweep-with-a-gap";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<ISweepShare>((_, whole) => new Share(whole));

    private sealed class Share(ISweepShare whole) : ISweepShare
    {
        public bool Includes(string key) => whole.Includes(key) && !SweepShares.Includes(key, 0, 2);

        public event Action Changed
        {
            add => whole.Changed += value;
            remove => whole.Changed -= value;
        }
    }
}

/// <summary>The queue that is rebuilt from the table does not know which messages are of one chat.</summary>
internal sealed class ChatForgottenOnRebuild : Variant
{
    public override string Name => "chat-forgotten-on-rebuild";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((_, whole) => new Store(whole));

    private sealed class Store(IMessageStore whole) : MessageStoreDecorator(whole)
    {
        public override async Task<ImmutableArray<UnsentMessage>> ListUnsentAsync(
            DeviceKey device, long afterPosition, int limit, CancellationToken cancellationToken) =>
            [.. (await base.ListUnsentAsync(device, afterPosition, limit, cancellationToken)).Select(unsent => unsent with { ChatJid = unsent.Id })];
    }
}

/// <summary>A message that is to be tried again leaves the queue, and comes back with the next sweep.</summary>
internal sealed class RetryThatOvertakes : Variant
{
    public override string Name => "retry-that-overtakes";

    // The device is told that its message is somebody else's business now.
    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) => silo.AddIncomingGrainCallFilter(async call =>
    {
        await call.Invoke();
        if (call.MethodName == nameof(IMessageGrain.Record) && call.Result is Message { State: MessageState.Queued } message)
        {
            call.Result = message with { Dispatch = MessageState.Uncertain, OverdueAt = node.Clock.GetUtcNow() };
        }
    });
}

/// <summary>The due time is kept in memory only: what is read back from the table is due at once.</summary>
internal sealed class DueTimeForgottenOnRebuild : Variant
{
    public override string Name => "due-time-forgotten-on-rebuild";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((_, whole) => new Store(whole));

    private sealed class Store(IMessageStore whole) : MessageStoreDecorator(whole)
    {
        public override async Task<Message?> FindAsync(string tenantId, string messageId, CancellationToken cancellationToken) =>
            await base.FindAsync(tenantId, messageId, cancellationToken) is { Envelope: var envelope } message
                ? message with { Envelope = envelope with { DueAt = envelope.AcceptedAt } }
                : null;

        public override async Task<ImmutableArray<UnsentMessage>> ListUnsentAsync(
            DeviceKey device, long afterPosition, int limit, CancellationToken cancellationToken) =>
            [.. (await base.ListUnsentAsync(device, afterPosition, limit, cancellationToken)).Select(unsent => unsent with { ReadyAt = DateTimeOffset.UnixEpoch })];
    }
}

/// <summary>A message's place has a column of 32 bits, which a count of microseconds fills in an hour.</summary>
internal sealed class PlaceCutTo32Bits : Variant
{
    public override string Name => "place-cut-to-32-bits";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((_, whole) => new Store(whole));

    private sealed class Store(IMessageStore whole) : MessageStoreDecorator(whole)
    {
        public override Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken) =>
            base.WriteAsync(transition with { Message = Cut(transition.Message) }, fenced, cancellationToken);

        private static Message Cut(Message message) =>
            message with { Envelope = message.Envelope with { Position = unchecked((int)message.Envelope.Position) } };
    }
}

using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Simulation.Network;
using Wuts.Storage;
using Wuts.Storage.Writing;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.Variants;

/// <summary>A transition's events are written once it is committed, by a second transaction that may never come.</summary>
internal sealed class OutboxOutsideTheTransaction : Variant
{
    public override string Name => "outbox-outside-the-transaction";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((services, whole) => new Store(whole, services.GetRequiredService<MemoryConnection>()));

    private sealed class Store(IMessageStore whole, MemoryConnection connection) : TwoTransactions(whole, connection)
    {
        public override async Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken)
        {
            var outcome = await base.WriteAsync(transition with { Events = [] }, fenced, cancellationToken);
            if (outcome == WriteOutcome.Written)
            {
                await PublishAsync(transition, cancellationToken);
            }

            return outcome;
        }
    }
}

/// <summary>A transition's events are written first, so that none is lost when the transition is not committed after all.</summary>
internal sealed class OutboxAheadOfTheTransaction : Variant
{
    public override string Name => "outbox-ahead-of-the-transaction";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((services, whole) => new Store(whole, services.GetRequiredService<MemoryConnection>()));

    private sealed class Store(IMessageStore whole, MemoryConnection connection) : TwoTransactions(whole, connection)
    {
        public override async Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken)
        {
            await PublishAsync(transition, cancellationToken);
            return await base.WriteAsync(transition with { Events = [] }, fenced, cancellationToken);
        }
    }
}

/// <summary>Writes events apart from what they tell of.</summary>
internal abstract class TwoTransactions(IMessageStore whole, MemoryConnection connection) : MessageStoreDecorator(whole)
{
    protected Task PublishAsync(Transition transition, CancellationToken cancellationToken) => transition.Events.IsEmpty
        ? Task.CompletedTask
        : connection.WriteAsync(
            tables => NoteRow.Of(new StorageWrite.OfMessage(transition, Fenced: false)).Select(tables.Webhooks.Publish).OfType<EndpointKey>().Count(),
            cancellationToken);
}

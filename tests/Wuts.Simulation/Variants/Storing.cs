using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Simulation.Network;
using Wuts.Storage;
using Wuts.Storage.Writing;

namespace Wuts.Simulation.Variants;

/// <summary>The acceptance is answered while its flush is under way: the answer is fast, and nobody hears of a flush that fails.</summary>
internal sealed class AnswerBeforeCommit : Variant
{
    public override string Name => "answer-before-commit";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((_, whole) => new Store(whole));

    private sealed class Store(IMessageStore whole) : MessageStoreDecorator(whole)
    {
        public override Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken)
        {
            var writing = base.WriteAsync(transition, fenced, cancellationToken);
            return transition.Message.Version == 1 ? Task.FromResult(WriteOutcome.Written) : writing;
        }
    }
}

/// <summary>A link that breaks after the commit was sent is taken for a commit: mostly it was one.</summary>
internal sealed class UnknownTakenForStored : Variant
{
    public override string Name => "unknown-taken-for-stored";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((_, whole) => new Store(whole));

    private sealed class Store(IMessageStore whole) : MessageStoreDecorator(whole)
    {
        public override async Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken)
        {
            try
            {
                return await base.WriteAsync(transition, fenced, cancellationToken);
            }
            catch (StorageUnavailableException)
            {
                return WriteOutcome.Written;
            }
        }
    }
}

/// <summary>The claim is written, but not waited for, so that the message leaves some milliseconds earlier.</summary>
internal sealed class ClaimNotDurable : Variant
{
    public override string Name => "claim-not-durable";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((_, whole) => new Store(whole));

    private sealed class Store(IMessageStore whole) : MessageStoreDecorator(whole)
    {
        public override Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken)
        {
            var writing = base.WriteAsync(transition, fenced, cancellationToken);
            return fenced && transition.Message.Version > 1 ? Task.FromResult(WriteOutcome.Written) : writing;
        }
    }
}

/// <summary>That a message was sent is told while the row that says so is under way.</summary>
internal sealed class OutcomeNotDurable : Variant
{
    public override string Name => "outcome-not-durable";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((_, whole) => new Store(whole));

    private sealed class Store(IMessageStore whole) : MessageStoreDecorator(whole)
    {
        public override Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken)
        {
            var writing = base.WriteAsync(transition, fenced, cancellationToken);
            return transition.Timeline is [{ Kind: TimelineKind.Sent, Source: TimelineSource.Device }] ? Task.FromResult(WriteOutcome.Written) : writing;
        }
    }
}

/// <summary>A flush that was rolled back by a deadlock is repeated without its first write, whose caller is told that all is well.</summary>
internal sealed class MessageLostWhenFlushIsRetried : Variant
{
    public override string Name => "message-lost-when-flush-is-retried";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IFlushTarget>((_, whole) => new Target(whole));

    private sealed class Target(IFlushTarget whole) : IFlushTarget
    {
        private StorageWrite? _undone;

        public async Task<FlushOutcome> FlushAsync(IReadOnlyList<StorageWrite> writes)
        {
            if (writes[0] == _undone)
            {
                var rest = await whole.FlushAsync([.. writes.Skip(1)]);
                return rest with { Stored = [1, .. rest.Stored] };
            }

            try
            {
                return await whole.FlushAsync(writes);
            }
            catch (FlushRolledBackException)
            {
                _undone = writes[0];
                throw;
            }
        }
    }
}

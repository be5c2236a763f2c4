using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Simulation.Network;
using Wuts.Storage;

namespace Wuts.Simulation.Variants;

/// <summary>What the network says nothing of is sent again.</summary>
internal sealed class ResendAfterUnknown : BrokenTransport
{
    public override string Name => "resend-after-unknown";

    protected override SimulatedTransport NewTransport(WhatsApp network, SimulatedNode node) => new Transport(network, node);

    private sealed class Transport(WhatsApp network, SimulatedNode silo) : SimulatedTransport(network, silo)
    {
        public override async Task<SendEvidence> LookUpAsync(DeviceKey device, string providerId, CancellationToken cancellationToken) =>
            await base.LookUpAsync(device, providerId, cancellationToken) is SendEvidence.Taken taken ? taken : new SendEvidence.NotTaken();
    }
}

/// <summary>A client library that repeats a request by itself when no answer comes.</summary>
internal sealed class ResendAfterTimeout : BrokenTransport
{
    public override string Name => "resend-after-timeout";

    protected override SimulatedTransport NewTransport(WhatsApp network, SimulatedNode node) => new Transport(network, node);

    private sealed class Transport(WhatsApp network, SimulatedNode silo) : SimulatedTransport(network, silo)
    {
        private readonly SimulatedNode _silo = silo;

        public override async Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken)
        {
            var first = base.SendAsync(device, message, cancellationToken);
            var patience = Task.Delay(TimeSpan.FromSeconds(20), _silo.Clock, cancellationToken);
            return await (await Task.WhenAny(first, patience) == first ? first : base.SendAsync(device, message, cancellationToken));
        }
    }
}

/// <summary>A link that breaks during a send is taken for proof that nothing left.</summary>
internal sealed class BrokenLinkTakenForRefusal : BrokenTransport
{
    public override string Name => "broken-link-taken-for-refusal";

    protected override SimulatedTransport NewTransport(WhatsApp network, SimulatedNode node) => new Transport(network, node);

    private sealed class Transport(WhatsApp network, SimulatedNode silo) : SimulatedTransport(network, silo)
    {
        public override async Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(device, message, cancellationToken);
            }
            catch (IOException)
            {
                return new SendOutcome.NotConnected();
            }
        }
    }
}

/// <summary>A message whose outcome nobody can tell is forgotten instead of flagged.</summary>
internal sealed class UncertainNeverSettled : Variant
{
    public override string Name => "uncertain-never-settled";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IMessageStore>((_, whole) => new Store(whole));

    private sealed class Store(IMessageStore whole) : MessageStoreDecorator(whole)
    {
        public override Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken) =>
            transition is { Message.State: MessageState.Uncertain, Timeline: [{ Kind: TimelineKind.Overdue }] }
                ? Task.FromResult(WriteOutcome.Written)
                : base.WriteAsync(transition, fenced, cancellationToken);
    }
}

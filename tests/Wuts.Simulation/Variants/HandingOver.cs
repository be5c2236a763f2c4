using Orleans.InProcess.Simulation;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Simulation.Network;

namespace Wuts.Simulation.Variants;

/// <summary>What is written to the link counts as answered: the next message does not wait for the network.</summary>
internal sealed class WrittenTakenForAnswered : BrokenTransport
{
    public override string Name => "written-taken-for-answered";

    protected override SimulatedTransport NewTransport(WhatsApp network, SimulatedNode node) => new Transport(network, node);

    private sealed class Transport(WhatsApp network, SimulatedNode silo) : SimulatedTransport(network, silo)
    {
        private readonly WhatsApp _network = network;
        private readonly SimulatedNode _silo = silo;

        public override async Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken)
        {
            var sending = base.SendAsync(device, message, cancellationToken);
            while (!sending.IsCompleted)
            {
                if (_network.Log.LastOrDefault(taken => taken.Id == message.ProviderId) is { } taken)
                {
                    return new SendOutcome.Accepted(taken.Id, taken.At);
                }

                await Task.WhenAny(sending, Task.Delay(TimeSpan.FromMilliseconds(1), _silo.Clock, cancellationToken));
            }

            return await sending;
        }
    }
}

/// <summary>Whatever the network answers is taken for a yes.</summary>
internal sealed class RefusalTakenForSuccess : BrokenTransport
{
    public override string Name => "refusal-taken-for-success";

    protected override SimulatedTransport NewTransport(WhatsApp network, SimulatedNode node) => new Transport(network, node);

    private sealed class Transport(WhatsApp network, SimulatedNode silo) : SimulatedTransport(network, silo)
    {
        private readonly SimulatedNode _silo = silo;

        public override async Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken) =>
            await base.SendAsync(device, message, cancellationToken) is var outcome and not SendOutcome.Refused
                ? outcome
                : new SendOutcome.Accepted(message.ProviderId, _silo.Clock.GetUtcNow());
    }
}

/// <summary>The transport says yes when the network says later, and tries again behind everybody's back.</summary>
internal sealed class RetryBehindTheBack : BrokenTransport
{
    public override string Name => "retry-behind-the-back";

    protected override SimulatedTransport NewTransport(WhatsApp network, SimulatedNode node) => new Transport(network, node);

    private sealed class Transport(WhatsApp network, SimulatedNode silo) : SimulatedTransport(network, silo)
    {
        private readonly SimulatedNode _silo = silo;

        public override async Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken)
        {
            var outcome = await base.SendAsync(device, message, cancellationToken);
            if (outcome is not SendOutcome.Refused { Failure.Retryable: true })
            {
                return outcome;
            }

            _ = Again(device, message);
            return new SendOutcome.Accepted(message.ProviderId, _silo.Clock.GetUtcNow());
        }

        private async Task Again(DeviceKey device, OutboundMessage message)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), _silo.Clock);
            await base.SendAsync(device, message, CancellationToken.None);
        }
    }
}

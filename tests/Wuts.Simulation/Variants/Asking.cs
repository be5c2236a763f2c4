using Orleans;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Grains.Devices;
using Wuts.Simulation.Clients;
using Wuts.Simulation.Network;
using Wuts.Simulation.World;

namespace Wuts.Simulation.Variants;

/// <summary>Each gateway remembers in its memory which message it made for a key: another one, or its successor, makes another message.</summary>
internal sealed class IdempotencyInMemory : Variant
{
    public override string Name => "idempotency-in-memory";

    public override Client NewClient(SimulatedNode node, Func<Gateway> gateway, Random chance, Journal journal) =>
        new ForgetfulClient(node, gateway, chance, journal);

    private sealed class ForgetfulClient(SimulatedNode node, Func<Gateway> gateway, Random chance, Journal journal) : Client(node, gateway, chance, journal)
    {
        private readonly Dictionary<(Gateway At, string TenantId, string Key), string> _known = [];

        protected override string IdOf(Gateway at, SendRequest request)
        {
            if (request.Key is not { } key)
            {
                return base.IdOf(at, request);
            }

            var entry = (at, request.Device.TenantId, key);
            return _known.TryGetValue(entry, out var id) ? id : _known[entry] = base.IdOf(at, request with { Key = null });
        }
    }
}

/// <summary>A key is a key: what is asked under it is not compared with what was asked before.</summary>
internal sealed class PayloadNotCompared : Variant
{
    public override string Name => "payload-not-compared";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.AddIncomingGrainCallFilter(call => call.WithCommand(command => command with { Fingerprint = "" }));
}

/// <summary>The delay of a request gets lost on its way to the row.</summary>
internal sealed class DelayIgnored : Variant
{
    public override string Name => "delay-ignored";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.AddIncomingGrainCallFilter(call => call.WithCommand(command => command with { Delay = TimeSpan.Zero }));
}

internal static class SendCalls
{
    /// <summary>Goes on with another command, if the call is a device's <see cref="IDeviceGrain.Send"/>.</summary>
    public static Task WithCommand(this IIncomingGrainCallContext call, Func<SendCommand, SendCommand> change)
    {
        if (call.MethodName == nameof(IDeviceGrain.Send) && call.Request.GetArgument(0) is SendCommand command)
        {
            call.Request.SetArgument(0, change(command));
        }

        return call.Invoke();
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Orleans;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Compliance;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Simulation.Clients;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;
using Wuts.Storage;
using Wuts.Testing.Checking;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.World;

/// <summary>What recipients want of being written to: they say it in a chat, or their tenant says it for them.</summary>
internal sealed class Wishes(SimulatedNode node, Workload workload, Database database, WhatsApp network, IGrainFactory grains, Random chance)
{
    private const string Stop = "STOP";
    private const string Start = "START";

    private readonly List<ConsentWord> _words = [];

    /// <summary>What tenants said.</summary>
    public IReadOnlyList<ConsentWord> Words => _words;

    public static ConsentMark? MarkOf(string? text) => text switch
    {
        Stop => ConsentMark.OptedOut,
        Start => ConsentMark.OptedIn,
        _ => null,
    };

    /// <summary>Some tenants need opt-ins for what they advertise, and some confirm opt-outs.</summary>
    public async Task Settle()
    {
        foreach (var tenant in workload.Tenants)
        {
            ConsentPolicy policy = new()
            {
                OptInCategories = chance.Next(3) == 0 ? [Category.Marketing] : [],
                OptOutConfirmation = chance.Next(2) == 0 ? "You will not hear from us." : null,
            };
            await new MemoryConsentStore(database.Tables).PutPolicyAsync(tenant.Id, policy);
            database.Consents.Look();
        }
    }

    /// <summary>In half of the worlds people change their minds.</summary>
    public async Task Stir(TimeSpan span)
    {
        var end = node.Clock.GetUtcNow() + span;
        var busy = chance.Next(2) == 0;
        while (busy && node.Clock.GetUtcNow() < end)
        {
            await Task.Delay(TimeSpan.FromSeconds(chance.Next(1, 120)), node.Clock);
            var tenant = workload.Tenants[chance.Next(workload.Tenants.Length)];
            var device = tenant.Devices[chance.Next(tenant.Devices.Length)];
            var chat = Jid.User(string.Create(CultureInfo.InvariantCulture, $"551188888{chance.Next(4):0000}"));
            var mark = chance.Next(5) < 2 ? ConsentMark.OptedOut : ConsentMark.OptedIn;
            if (chance.Next(2) == 0)
            {
                network.Receive(device, chat, mark == ConsentMark.OptedOut ? Stop : Start);
            }
            else
            {
                node.Start(() => Put(tenant, chat, mark));
            }
        }
    }

    // As the front end does it: stored, told to those who have something waiting, answered.
    private async Task Put(Workload.Tenant tenant, string chat, ConsentMark mark)
    {
        var said = node.Clock.GetUtcNow();
        DateTimeOffset? answered = null;
        try
        {
            var consent = new Consent
            {
                TenantId = tenant.Id, ChatJid = chat, State = mark == ConsentMark.OptedOut ? ConsentState.OptedOut : ConsentState.OptedIn,
                Source = ConsentSource.Api, At = said, Since = said,
            };
            await database.Ask(() => database.Write(tables => tables.Consents.Put(consent)));
            answered = node.Clock.GetUtcNow();
            await Task.WhenAll(tenant.Devices.Where(_ => mark == ConsentMark.OptedOut).Select(device =>
                grains.GetGrain<IDeviceGrain>(device.ToString()).HearOfOptOut(chat)));
        }
        catch (Exception e) when (e is StorageUnavailableException or TimeoutException or Orleans.Runtime.OrleansException or Orleans.Storage.InconsistentStateException)
        {
            // Nobody knows, or somebody was not told: the claim is asked.
        }

        _words.Add(new(said, answered, tenant.Id, chat, mark));
    }
}

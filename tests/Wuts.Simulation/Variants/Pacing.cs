using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Grains.Pacing;
using Wuts.Simulation.Network;
using Wuts.Storage;

namespace Wuts.Simulation.Variants;

/// <summary>Nobody holds a number to its pace.</summary>
internal sealed class PaceIgnored : Variant
{
    public override string Name => "pace-ignored";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Services.Configure<PaceOptions>(options => options.Enabled = false);
}

/// <summary>A device that moves begins its pace anew, with all that may be saved up.</summary>
internal sealed class PaceForgottenOnAMove : Variant
{
    public override string Name => "pace-forgotten-on-a-move";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) => silo.Decorate<IHealthStore>((provider, whole) => new Store(whole, provider));

    private sealed class Store(IHealthStore whole, IServiceProvider provider) : HealthStoreDecorator(whole)
    {
        public override async Task<DeviceHealth?> FindAsync(DeviceKey device, CancellationToken cancellationToken) =>
            await base.FindAsync(device, cancellationToken) is { } health && await provider.GetRequiredService<IDeviceStore>().FindAsync(device, cancellationToken) is { } known
                ? health with { NextDueAt = DateTimeOffset.UnixEpoch, DrainedIn = known.Epoch - 1 }
                : null;
    }
}

/// <summary>Whom a number has written to is known only where it happened: a device that moves has all of its day's places again.</summary>
internal sealed class ContactsInMemory : Variant
{
    public override string Name => "contacts-in-memory";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) => silo.Decorate<IHealthStore>((_, whole) => new Store(whole));

    private sealed class Store(IHealthStore whole) : HealthStoreDecorator(whole)
    {
        public override Task<ImmutableArray<Contact>> ListContactsAsync(DeviceKey device, string afterJid, int limit, CancellationToken cancellationToken) =>
            Task.FromResult(ImmutableArray<Contact>.Empty);
    }
}

/// <summary>A store of healths that does as another one, until something in it is overridden.</summary>
internal abstract class HealthStoreDecorator(IHealthStore whole) : IHealthStore
{
    public virtual Task<DeviceHealth?> FindAsync(DeviceKey device, CancellationToken cancellationToken) => whole.FindAsync(device, cancellationToken);

    public Task<WriteOutcome> SaveAsync(
        DeviceKey device, long epoch, DeviceHealth health, ImmutableArray<DeviceNotice> notices, CancellationToken cancellationToken) =>
        whole.SaveAsync(device, epoch, health, notices, cancellationToken);

    public Task<Contact?> FindContactAsync(DeviceKey device, string chatJid, CancellationToken cancellationToken) =>
        whole.FindContactAsync(device, chatJid, cancellationToken);

    public virtual Task<ImmutableArray<Contact>> ListContactsAsync(DeviceKey device, string afterJid, int limit, CancellationToken cancellationToken) =>
        whole.ListContactsAsync(device, afterJid, limit, cancellationToken);
}

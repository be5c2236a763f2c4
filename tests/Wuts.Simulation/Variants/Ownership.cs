using System.Collections.Immutable;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Devices;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;
using Wuts.Simulation.World;
using Wuts.Storage;
using Wuts.Storage.Writing;

namespace Wuts.Simulation.Variants;

/// <summary>The database takes an acceptance or a claim under any epoch: an activation that was replaced goes on as before.</summary>
internal sealed class NoFence : Variant
{
    public override string Name => "no-fence";

    public override CommitLog NewCommitLog(Database database, Journal journal) => new Log(database, journal);

    private sealed class Log(Database database, Journal journal) : CommitLog(database, journal)
    {
        protected override FlushOutcome Store(IReadOnlyList<StorageWrite> writes) =>
            base.Store([.. writes.Select(write => write is StorageWrite.OfMessage message ? message with { Fenced = false } : write)]);
    }
}

/// <summary>A session is stored under any epoch: an activation that was replaced says what its link is like.</summary>
internal sealed class SessionUnderAnyEpoch : Variant
{
    public override string Name => "session-under-any-epoch";

    public override CommitLog NewCommitLog(Database database, Journal journal) => new Log(database, journal);

    private sealed class Log(Database database, Journal journal) : CommitLog(database, journal)
    {
        protected override FlushOutcome Store(IReadOnlyList<StorageWrite> writes) => base.Store([.. writes.Select(Fitting)]);

        private StorageWrite Fitting(StorageWrite write) =>
            write is StorageWrite.OfSession session && Database.Tables.Read(tables => tables.Devices.GetValueOrDefault(session.Device)) is { Epoch: var epoch }
                ? session with { Epoch = epoch }
                : write;
    }
}

/// <summary>The last write wins, whatever version of the row it has seen.</summary>
internal sealed class NoVersionCheck : Variant
{
    public override string Name => "no-version-check";

    public override CommitLog NewCommitLog(Database database, Journal journal) => new Log(database, journal);

    private sealed class Log(Database database, Journal journal) : CommitLog(database, journal)
    {
        protected override FlushOutcome Store(IReadOnlyList<StorageWrite> writes) => base.Store([.. writes.Select(Fitting)]);

        private StorageWrite Fitting(StorageWrite write) =>
            write is StorageWrite.OfMessage { Transition: var transition } message
            && Database.Tables.VersionsOf(message.Message.Envelope.TenantId, message.Message.Envelope.Id) is [.., var stored]
                ? message with { Transition = transition with { Message = transition.Message with { Version = stored.Version + 1 } } }
                : write;
    }
}

/// <summary>A new activation reads its device and goes on in the epoch of the one before.</summary>
internal sealed class EpochNotRaised : Variant
{
    public override string Name => "epoch-not-raised";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<IDeviceStore>((_, whole) => new Store(whole));

    private sealed class Store(IDeviceStore whole) : IDeviceStore
    {
        public Task<Device?> RaiseEpochAsync(DeviceKey device, CancellationToken cancellationToken) => whole.FindAsync(device, cancellationToken);

        public Task CreateAsync(Device device, CancellationToken cancellationToken) => whole.CreateAsync(device, cancellationToken);

        public Task<bool> CreateWithinAsync(Device device, int most, CancellationToken cancellationToken) =>
            whole.CreateWithinAsync(device, most, cancellationToken);

        public Task<Device?> FindAsync(DeviceKey device, CancellationToken cancellationToken) => whole.FindAsync(device, cancellationToken);

        public Task<ImmutableArray<Device>> ListAsync(string tenantId, string? userId, CancellationToken cancellationToken) =>
            whole.ListAsync(tenantId, userId, cancellationToken);

        public Task<WriteOutcome> SaveSessionAsync(
            DeviceKey device, long epoch, DeviceSession session, ImmutableArray<DeviceNotice> notices, CancellationToken cancellationToken) =>
            whole.SaveSessionAsync(device, epoch, session, notices, cancellationToken);

        public Task<bool> DeleteAsync(DeviceKey device, CancellationToken cancellationToken) => whole.DeleteAsync(device, cancellationToken);

        public Task<ImmutableArray<DeviceKey>> ListWantedAsync(CancellationToken cancellationToken) => whole.ListWantedAsync(cancellationToken);
    }
}

using System.Collections.Immutable;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;
using Wuts.Simulation.World;
using Wuts.Storage;
using Wuts.Storage.Writing;

namespace Wuts.Simulation.Variants;

/// <summary>Consent is asked for when a message is accepted, and not again: what waits leaves whatever its recipient says meanwhile.</summary>
internal sealed class ConsentNotAskedAtClaim : Variant
{
    public override string Name => "consent-not-asked-at-claim";

    public override CommitLog NewCommitLog(Database database, Journal journal) => new Unasked(database, journal, write => !write.IsInsert);
}

/// <summary>Consent is asked for when a message is claimed, and not where the acceptance claims it at once.</summary>
internal sealed class ConsentNotAskedAtAcceptance : Variant
{
    public override string Name => "consent-not-asked-at-acceptance";

    public override CommitLog NewCommitLog(Database database, Journal journal) => new Unasked(database, journal, write => write.IsInsert);
}

/// <summary>A keyword is stored as any other message.</summary>
internal sealed class KeywordsNotHeard : Variant
{
    public override string Name => "keywords-not-heard";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) => silo.Decorate<IInboxStore>((_, whole) => new Store(whole));

    private sealed class Store(IInboxStore whole) : IInboxStore
    {
        public Task<int> AppendReceivedAsync(DeviceKey device, ImmutableArray<ReceivedMessage> messages, CancellationToken cancellationToken) =>
            whole.AppendReceivedAsync(device, [.. messages.Select(message => message with { Heard = null })], cancellationToken);

        public Task AppendOrphansAsync(
            DeviceKey device, ImmutableArray<DeviceEvent.Receipt> receipts, DateTimeOffset at, CancellationToken cancellationToken) =>
            whole.AppendOrphansAsync(device, receipts, at, cancellationToken);

        public Task AppendNoticeAsync(DeviceKey device, string session, DeviceNotice notice, CancellationToken cancellationToken) =>
            whole.AppendNoticeAsync(device, session, notice, cancellationToken);
    }
}

/// <summary>Who says stop to one tenant is not written to by any.</summary>
internal sealed class OptOutOfAllTenants : Variant
{
    public override string Name => "opt-out-of-all-tenants";

    public override CommitLog NewCommitLog(Database database, Journal journal) => new Log(database, journal);

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) => silo.Decorate<IConsentStore>((_, whole) => new Store(whole));

    private sealed class Log(Database database, Journal journal) : CommitLog(database, journal)
    {
        private const int NoVersion = int.MaxValue;

        protected override FlushOutcome Store(IReadOnlyList<StorageWrite> writes) => base.Store([.. writes.Select(Fitting)]);

        // What names a version that is not there is not stored.
        private StorageWrite Fitting(StorageWrite write) =>
            write is StorageWrite.OfMessage { NeedsConsent: true, Transition: var transition } message && IsOptedOutSomewhere(message.Message.Envelope.ChatJid)
                ? message with { Transition = transition with { Message = transition.Message with { Version = NoVersion } } }
                : write;

        private bool IsOptedOutSomewhere(string chat) =>
            Database.Tables.Read(tables => tables.Consents.Rows.Any(row => row.ChatJid == chat && row.State == ConsentState.OptedOut));
    }

    private sealed class Store(IConsentStore whole) : ConsentStoreDecorator(whole)
    {
        public override async Task<Consent?> FindAsync(string tenantId, string chatJid, CancellationToken cancellationToken)
        {
            foreach (var tenant in new[] { "tenant-0", "tenant-1", "tenant-2" })
            {
                if (await base.FindAsync(tenant, chatJid, cancellationToken) is { State: ConsentState.OptedOut } consent)
                {
                    return consent with { TenantId = tenantId };
                }
            }

            return await base.FindAsync(tenantId, chatJid, cancellationToken);
        }
    }
}

/// <summary>A store that asks for the epoch as ever, and for consent only sometimes.</summary>
internal sealed class Unasked(Database database, Journal journal, Func<StorageWrite.OfMessage, bool> unasked) : CommitLog(database, journal)
{
    protected override FlushOutcome Store(IReadOnlyList<StorageWrite> writes) => base.Store([.. writes.Select(Fitting)]);

    private StorageWrite Fitting(StorageWrite write) =>
        write is StorageWrite.OfMessage { NeedsConsent: true } message && unasked(message) && EpochOf(message.Message) == message.Message.Epoch
            ? message with { Fenced = false }
            : write;

    private long? EpochOf(Message message) =>
        Database.Tables.Read(tables => tables.Devices.GetValueOrDefault(new(message.Envelope.TenantId, message.Envelope.DeviceId))?.Epoch);
}

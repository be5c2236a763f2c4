using System.Collections.Immutable;
using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Storage.Sql;

namespace Wuts.Storage.Writing;

/// <summary>Something to be stored by the next flush, all of it or nothing.</summary>
internal abstract record StorageWrite
{
    private StorageWrite()
    {
    }

    /// <summary>What it writes. Writes of one key never share a flush, and are stored in the order in which they came.</summary>
    public abstract string Key { get; }

    /// <summary>Whose it is.</summary>
    public abstract string TenantId { get; }

    /// <summary>About how many rows it makes.</summary>
    public virtual int Rows => 1;

    /// <summary>A message's transition.</summary>
    public sealed record OfMessage(Transition Transition, bool Fenced) : StorageWrite
    {
        public override string Key { get; } = $"m{Transition.Message.Envelope.TenantId}/{Transition.Message.Envelope.Id}";

        public override string TenantId => Transition.Message.Envelope.TenantId;

        public Message Message => Transition.Message;

        /// <summary>Whether it is stored only if its recipient may be written to: an acceptance or a claim is, a refusal or a wait is not.</summary>
        public bool NeedsConsent =>
            Fenced && (IsInsert ? Message.State != MessageState.Rejected : Message.State == MessageState.Dispatching)
            && Message is { Envelope: { ConsentExempt: false } envelope } && Consent.Concerns(envelope.ChatJid);

        /// <summary>It is stored only under this epoch of its tenant's admissions; <c>null</c> for any.</summary>
        public static Column<OfMessage> QuotaEpoch { get; } = Column.Of("quota_epoch", (OfMessage w) => w.Transition.QuotaEpoch);

        public bool IsInsert => Transition.Message.Version == 1;
    }

    /// <summary>A device's session under an epoch.</summary>
    /// <param name="ProtectedCredentials">The session's credentials, encrypted.</param>
    public sealed record OfSession(
        DeviceKey Device,
        long Epoch,
        DeviceSession Session,
        string? ProtectedCredentials,
        DateTimeOffset At,
        ImmutableArray<DeviceNotice> Notices) : StorageWrite
    {
        public override string Key { get; } = $"d{Device}";

        public override string TenantId => Device.TenantId;
    }

    /// <summary>A device's health under an epoch.</summary>
    public sealed record OfHealth(DeviceKey Device, long Epoch, string Json, DateTimeOffset At, ImmutableArray<DeviceNotice> Notices) : StorageWrite
    {
        public static ImmutableArray<Column<OfHealth>> Columns { get; } =
        [
            Column.Of("tenant_id", (OfHealth w) => w.Device.TenantId),
            Column.Of("device_id", (OfHealth w) => w.Device.DeviceId),
            Column.Of("health", (OfHealth w) => w.Json),
            Column.Of("updated_at", (OfHealth w) => w.At),
            Column.Of("epoch", (OfHealth w) => w.Epoch),
        ];

        public override string Key { get; } = $"h{Device}";

        public override string TenantId => Device.TenantId;
    }

    /// <summary>What came in for a device: messages or orphaned receipts, all of one kind.</summary>
    public sealed record OfInbox(DeviceKey Device, ImmutableArray<InboxRow> Items) : StorageWrite
    {
        public override string Key { get; } = $"i{Device}";

        public override string TenantId => Device.TenantId;

        public override int Rows => Items.Length;
    }

    /// <summary>How far an endpoint's deliveries came.</summary>
    public sealed record OfProgress(WebhookProgress Progress) : StorageWrite
    {
        public override string Key { get; } = $"p{Progress.TenantId}/{Progress.EndpointId}";

        public override string TenantId => Progress.TenantId;

        public override int Rows => 1 + Progress.Attempts.Length;
    }
}

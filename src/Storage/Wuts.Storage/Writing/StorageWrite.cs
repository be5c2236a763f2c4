using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;

namespace Wuts.Storage.Writing;

/// <summary>Something to be stored by the next flush, all of it or nothing.</summary>
internal abstract record StorageWrite
{
    private StorageWrite()
    {
    }

    /// <summary>What it writes. Writes of one key never share a flush, and are stored in the order in which they came.</summary>
    public abstract string Key { get; }

    /// <summary>About how many rows it makes.</summary>
    public virtual int Rows => 1;

    /// <summary>A message's transition.</summary>
    public sealed record OfMessage(Transition Transition, bool Fenced) : StorageWrite
    {
        public override string Key { get; } = $"m{Transition.Message.Envelope.TenantId}/{Transition.Message.Envelope.Id}";

        public Message Message => Transition.Message;

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
    }

    /// <summary>What came in for a device: messages or orphaned receipts, all of one kind.</summary>
    public sealed record OfInbox(DeviceKey Device, ImmutableArray<InboxRow> Items) : StorageWrite
    {
        public override string Key { get; } = $"i{Device}";

        public override int Rows => Items.Length;
    }

    /// <summary>How far an endpoint's deliveries came.</summary>
    public sealed record OfProgress(WebhookProgress Progress) : StorageWrite
    {
        public override string Key { get; } = $"p{Progress.TenantId}/{Progress.EndpointId}";

        public override int Rows => 1 + Progress.Attempts.Length;
    }
}

using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Quotas;
using Wuts.Domain.Tenants;
using Wuts.Storage;
using Wuts.Storage.Writing;

namespace Wuts.Testing.Memory;

/// <summary>All tables. Whoever has them holds the database's lock.</summary>
internal sealed class MemoryTables
{
    public MessageTable Messages { get; } = new();

    public WebhookTables Webhooks { get; } = new();

    /// <summary>With their credentials encrypted.</summary>
    public SortedDictionary<DeviceKey, Device> Devices { get; } = new(StoredForm.DeviceOrder);

    /// <summary>By JID.</summary>
    public Dictionary<DeviceKey, SortedDictionary<string, Contact>> Contacts { get; } = [];

    /// <summary>As JSON.</summary>
    public Dictionary<DeviceKey, string> Health { get; } = [];

    public Dictionary<string, InboxRow> Inbox { get; } = new(StringComparer.Ordinal);

    public ConsentTable Consents { get; } = new();

    public List<string> CountDeltas { get; } = [];

    public List<Tenant> Tenants { get; } = [];

    public List<User> Users { get; } = [];

    public Dictionary<string, long> QuotaEpochs { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, LimitSettings> Limits { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>An event of the outbox as it is read: with its message as that is now.</summary>
    public OutboxEvent Render(EventRow row) => new(
        row.Sequence, row.Type, row.At, row.MessageId is { } id ? Messages.Find(row.TenantId, id)?.Message : null, row.Data, row.TraceParent);
}

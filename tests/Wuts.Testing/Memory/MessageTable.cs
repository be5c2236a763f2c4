using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;

namespace Wuts.Testing.Memory;

/// <summary>A message's row and timeline, and what the row was before.</summary>
/// <param name="Number">In which order the rows came.</param>
internal sealed record MessageRow(long Number)
{
    public required Message Message { get; set; }

    public List<Message> Versions { get; } = [];

    public List<TimelineEntry> Timeline { get; } = [];
}

/// <summary>Messages, with an index of each query: what waits for its dispatch by device, and what waits for a receipt by time.</summary>
internal sealed class MessageTable
{
    private readonly Dictionary<(string Tenant, string Id), MessageRow> _rows = [];
    private readonly SortedDictionary<DeviceKey, SortedDictionary<(long Position, long Number), MessageRow>> _unsent = new(StoredForm.DeviceOrder);
    private readonly SortedSet<MessageRow> _sent = new(Comparer<MessageRow>.Create(ByAcceptance));

    /// <summary>In the order in which they came; no row is ever removed.</summary>
    public IEnumerable<MessageRow> Rows => _rows.Values;

    /// <summary>The devices that have unsent messages, by tenant and id.</summary>
    public IEnumerable<DeviceKey> DevicesWithUnsent => _unsent.Keys;

    /// <summary>Sent, without a receipt and not flagged: by the time of acceptance.</summary>
    public IEnumerable<MessageRow> AwaitingReceipt => _sent;

    public MessageRow? Find(string tenantId, string messageId) => _rows.GetValueOrDefault((tenantId, messageId));

    /// <summary>A device's unsent messages in the order of their position.</summary>
    public IEnumerable<MessageRow> UnsentOf(DeviceKey device) => _unsent.GetValueOrDefault(device)?.Values.AsEnumerable() ?? [];

    /// <summary>Inserts a row; <c>null</c> if there is one.</summary>
    public MessageRow? Insert(Message message)
    {
        var row = new MessageRow(_rows.Count) { Message = message.AsStored() };
        if (!_rows.TryAdd((message.Envelope.TenantId, message.Envelope.Id), row))
        {
            return null;
        }

        Note(row);
        return row;
    }

    /// <summary>Replaces the version before; <c>null</c> if that is not what is stored.</summary>
    public MessageRow? Update(Message message)
    {
        if (Find(message.Envelope.TenantId, message.Envelope.Id) is not { } row || row.Message.Version != message.Version - 1)
        {
            return null;
        }

        Unindex(row);
        row.Message = row.Message.UpdatedTo(message);
        Note(row);
        return row;
    }

    private static int ByAcceptance(MessageRow a, MessageRow b)
    {
        var (x, y) = (a.Message.Envelope, b.Message.Envelope);
        return x.AcceptedAt.CompareTo(y.AcceptedAt) is not 0 and var byTime ? byTime
            : string.CompareOrdinal(x.Id, y.Id) is not 0 and var byId ? byId
            : string.CompareOrdinal(x.TenantId, y.TenantId);
    }

    private static DeviceKey DeviceOf(MessageRow row) => new(row.Message.Envelope.TenantId, row.Message.Envelope.DeviceId);

    private static (long Position, long Number) PlaceOf(MessageRow row) => (row.Message.Envelope.Position, row.Number);

    private void Note(MessageRow row)
    {
        row.Versions.Add(row.Message);
        if (!row.Message.IsOpen)
        {
            return;
        }

        if (!row.Message.IsUnsent)
        {
            _sent.Add(row);
            return;
        }

        var device = DeviceOf(row);
        if (!_unsent.TryGetValue(device, out var queue))
        {
            _unsent.Add(device, queue = []);
        }

        queue.Add(PlaceOf(row), row);
    }

    private void Unindex(MessageRow row)
    {
        _sent.Remove(row);
        var device = DeviceOf(row);
        if (_unsent.TryGetValue(device, out var queue) && queue.Remove(PlaceOf(row)) && queue.Count == 0)
        {
            _unsent.Remove(device);
        }
    }
}

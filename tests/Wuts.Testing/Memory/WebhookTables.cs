using System.Collections.Immutable;
using Wuts.Domain.Webhooks;
using Wuts.Storage;
using Wuts.Storage.Writing;

namespace Wuts.Testing.Memory;

/// <summary>An event of an endpoint's outbox, with the delivery attempts that were kept, by their number.</summary>
internal sealed record EventRow(long Sequence, string TenantId, string Type, DateTimeOffset At, string? MessageId, string? Data, string? TraceParent)
{
    public SortedDictionary<int, WebhookAttemptRecord> Attempts { get; } = [];
}

/// <summary>An event whose delivery failed.</summary>
internal sealed record RetryRow(EventRow Event, int Attempts, DateTimeOffset? NextAttemptAt, int? LastStatus, string? LastError);

/// <summary>An endpoint and all that goes with it.</summary>
internal sealed class EndpointRow(WebhookEndpoint endpoint)
{
    private ImmutableHashSet<string> _wanted = Wanted(endpoint);
    private WebhookEndpoint _endpoint = endpoint;

    public WebhookEndpoint Endpoint
    {
        get => _endpoint;
        set => (_endpoint, _wanted) = (value, Wanted(value));
    }

    /// <summary>Number n stands at n - 1.</summary>
    public List<EventRow> Events { get; } = [];

    public long Watermark { get; set; }

    public SortedDictionary<long, RetryRow> Retries { get; } = [];

    public bool Wants(string type) => _wanted.Contains(type);

    public EventRow? Find(long sequence) => sequence >= 1 && sequence <= Events.Count ? Events[(int)sequence - 1] : null;

    private static ImmutableHashSet<string> Wanted(WebhookEndpoint endpoint) => endpoint.Enabled ? [.. endpoint.Events] : [];
}

/// <summary>Endpoints with their outbox.</summary>
internal sealed class WebhookTables
{
    private readonly Dictionary<string, EndpointRow> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Tenant, string Device), EndpointRow> _byDevice = [];

    /// <summary>By tenant and id.</summary>
    public IEnumerable<EndpointRow> Rows => _byId.Values
        .OrderBy(row => row.Endpoint.TenantId, StringComparer.Ordinal)
        .ThenBy(row => row.Endpoint.Id, StringComparer.Ordinal);

    public EndpointRow? Find(string endpointId) => _byId.GetValueOrDefault(endpointId);

    public EndpointRow? Find(string tenantId, string endpointId) => Find(endpointId) is { } row && row.Endpoint.TenantId == tenantId ? row : null;

    public EndpointRow? FindByDevice(string tenantId, string deviceId) => _byDevice.GetValueOrDefault((tenantId, deviceId));

    public WebhookEndpoint Put(WebhookEndpoint endpoint)
    {
        var stored = endpoint with
        {
            Timeout = endpoint.Timeout.AsStored(),
            CreatedAt = endpoint.CreatedAt.AsStored(),
            UpdatedAt = endpoint.UpdatedAt.AsStored(),
            DisabledReason = endpoint.Enabled ? null : endpoint.DisabledReason,
        };
        if (FindByDevice(endpoint.TenantId, endpoint.DeviceId) is { } row)
        {
            return row.Endpoint = stored with { Id = row.Endpoint.Id, CreatedAt = row.Endpoint.CreatedAt };
        }

        row = new EndpointRow(stored);
        _byId.Add(stored.Id, row);
        _byDevice.Add((stored.TenantId, stored.DeviceId), row);
        return stored;
    }

    public bool Delete(string tenantId, string endpointId) =>
        Find(tenantId, endpointId) is { } row && _byId.Remove(endpointId) && _byDevice.Remove((tenantId, row.Endpoint.DeviceId));

    /// <summary>Gives an event the next number of the endpoint that wants it; <c>null</c> if none does.</summary>
    public EndpointKey? Publish(NoteRow note)
    {
        if (FindByDevice(note.TenantId, note.DeviceId) is not { } row || !row.Wants(note.Type))
        {
            return null;
        }

        row.Events.Add(new EventRow(
            row.Events.Count + 1, note.TenantId, note.Type, note.At.AsStored(), note.MessageId, note.Data, note.TraceParent));
        return new EndpointKey(note.TenantId, row.Endpoint.Id);
    }

    /// <summary>May be repeated, and an older word never undoes a newer one.</summary>
    public void Save(WebhookProgress progress)
    {
        if (Find(progress.EndpointId) is not { } endpoint)
        {
            return;
        }

        endpoint.Watermark = Math.Max(endpoint.Watermark, progress.DeliveredThrough);
        foreach (var attempt in AttemptRow.Of(progress))
        {
            if (endpoint.Find(attempt.Record.Sequence) is { } @event)
            {
                Save(endpoint, @event, attempt);
            }
        }
    }

    private static void Save(EndpointRow endpoint, EventRow @event, AttemptRow attempt)
    {
        var record = attempt.Record with { At = attempt.Record.At.AsStored(), NextAttemptAt = attempt.Record.NextAttemptAt.AsStored() };
        @event.Attempts.TryAdd(record.Number, record);
        if (!attempt.IsLast)
        {
            return;
        }

        if (!attempt.IsDelivered && @event.Attempts.Keys.Last() == record.Number)
        {
            endpoint.Retries[record.Sequence] = new RetryRow(
                @event, record.Number, record.NextAttemptAt, record.Attempt.StatusCode, record.Attempt.Error);
        }
        else if (attempt.IsDelivered && endpoint.Retries.TryGetValue(record.Sequence, out var retry) && retry.Attempts < record.Number)
        {
            endpoint.Retries.Remove(record.Sequence);
        }
    }
}

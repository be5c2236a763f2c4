using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Tenants;
using Wuts.Domain.Webhooks;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

/// <summary>
/// Tables in memory with the promises of the storage ports, one lock for all, and faults on demand. What is in it is committed:
/// it outlives the silo of a test, as a database would.
/// </summary>
public sealed class MemoryDatabase
{
    private TaskCompletionSource _changed = NewChange();

    internal Lock Gate { get; } = new();

    internal Dictionary<(string Tenant, string Id), Message> Messages { get; } = [];

    internal Dictionary<(string Tenant, string Id), List<TimelineEntry>> Timelines { get; } = [];

    internal Dictionary<DeviceKey, Device> Devices { get; } = [];

    internal Dictionary<string, Tenant> Tenants { get; } = [];

    internal List<User> Users { get; } = [];

    internal Dictionary<string, WebhookEndpoint> Endpoints { get; } = [];

    internal Dictionary<string, List<OutboxEvent>> Outbox { get; } = [];

    internal Dictionary<string, long> Watermarks { get; } = [];

    internal Dictionary<(string Endpoint, long Sequence), OutboxRetry> Retries { get; } = [];

    internal HashSet<(DeviceKey, string)> Inbox { get; } = [];

    /// <summary>Told of new webhook events, as after a commit.</summary>
    public IOutboxListener? Listener { get; set; }

    /// <summary>Receipts that nobody knew.</summary>
    public List<DeviceEvent.Receipt> Orphans { get; } = [];

    /// <summary>Asked before each message is written. It may throw (nothing is stored), wait, or ask for the answer to be lost.</summary>
    public Func<Message, Task<WriteFault>> BeforeWrite { get; set; } = _ => Task.FromResult(WriteFault.None);

    /// <summary>The webhook events of a device so far, in order: types and sequence numbers.</summary>
    public ImmutableArray<OutboxEvent> EventsOf(string endpointId)
    {
        lock (Gate)
        {
            return [.. Outbox.GetValueOrDefault(endpointId, [])];
        }
    }

    /// <summary>Waits until what is stored satisfies a condition, which is looked at after each write.</summary>
    public async Task Until(string what, Func<Task<bool>> condition)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (await condition())
            {
                return;
            }

            try
            {
                await changed.WaitAsync(TimeSpan.FromSeconds(10));
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"The database never came to hold {what}.");
            }
        }
    }

    internal void Pulse() => Interlocked.Exchange(ref _changed, NewChange()).SetResult();

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void AppendEvents(string tenantId, string deviceId, IEnumerable<(string Type, DateTimeOffset At, string? Message, string? Data)> events)
    {
        var endpoint = Endpoints.Values.FirstOrDefault(e => e.TenantId == tenantId && e.DeviceId == deviceId && e.Enabled);
        if (endpoint is null)
        {
            return;
        }

        var outbox = Outbox[endpoint.Id];
        var before = outbox.Count;
        foreach (var (type, at, message, data) in events.Where(e => endpoint.Events.Contains(e.Type)))
        {
            outbox.Add(new(outbox.Count + 1, type, at, message is null ? null : Messages[(tenantId, message)], data));
        }

        if (outbox.Count > before)
        {
            Listener?.OnCommitted([new(tenantId, endpoint.Id)]);
        }
    }
}

/// <summary>What is to go wrong with one write.</summary>
public enum WriteFault
{
    None,

    /// <summary>It is committed, and the caller gets a <see cref="StorageUnavailableException"/>.</summary>
    LoseAnswer,
}

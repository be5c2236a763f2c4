using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Webhooks;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

/// <summary>
/// A database in memory that any number of processes of a test share, and that outlives them. It keeps the promises of the storage
/// ports as the real databases do: the same contract suite runs on all three. Each process comes to it by
/// <see cref="MemoryStoreServices.AddMemoryStores"/>.
/// </summary>
/// <remarks>What it lists is ordered, so that two equal runs read the same, and it never uses a thread of its own.</remarks>
public sealed class MemoryDatabase
{
    private readonly Lock _gate = new();
    private readonly MemoryTables _tables = new();
    private TaskCompletionSource _changed = NewChange();

    /// <summary>How many transactions were committed, which is the place of the last one.</summary>
    public long Commits { get; private set; }

    /// <summary>All messages as they are now, in the order in which they were accepted.</summary>
    public ImmutableArray<Message> Messages => Read(static tables => tables.Messages.Rows.Select(row => row.Message).ToImmutableArray());

    /// <summary>All endpoints, by tenant and id.</summary>
    public ImmutableArray<WebhookEndpoint> Endpoints => Read(static tables => tables.Webhooks.Rows.Select(row => row.Endpoint).ToImmutableArray());

    /// <summary>What each flush added to the counts, as the JSON arrays that are stored; oldest first. Nothing folds them.</summary>
    public ImmutableArray<string> CountDeltas => Read(static tables => tables.CountDeltas.ToImmutableArray());

    /// <summary>Every version of a message that was ever committed, oldest first.</summary>
    public ImmutableArray<Message> VersionsOf(string tenantId, string messageId) =>
        Read(tables => tables.Messages.Find(tenantId, messageId)?.Versions.ToImmutableArray() ?? []);

    public ImmutableArray<TimelineEntry> TimelineOf(string tenantId, string messageId) =>
        Read(tables => tables.Messages.Find(tenantId, messageId)?.Timeline.ToImmutableArray() ?? []);

    /// <summary>An endpoint's outbox so far, in the order of its numbers.</summary>
    public ImmutableArray<OutboxEvent> EventsOf(string endpointId) =>
        Read(tables => tables.Webhooks.Find(endpointId)?.Events.Select(tables.Render).ToImmutableArray() ?? []);

    /// <summary>The delivery attempts that were kept, by event and number.</summary>
    public ImmutableArray<WebhookAttemptRecord> AttemptsOf(string endpointId) =>
        Read(tables => tables.Webhooks.Find(endpointId)?.Events.SelectMany(@event => @event.Attempts.Values).ToImmutableArray() ?? []);

    /// <summary>What came in for a device, by id.</summary>
    /// <param name="kind"><c>received</c> or <c>orphan</c>.</param>
    public ImmutableArray<string> InboxOf(DeviceKey device, string kind) => Read(tables =>
        tables.Inbox.Values
            .Where(row => row.TenantId == device.TenantId && row.DeviceId == device.DeviceId && row.Kind == kind)
            .Select(row => row.Id)
            .Order(StringComparer.Ordinal)
            .ToImmutableArray());

    /// <summary>A device's credentials as they are stored: encrypted.</summary>
    public string? StoredCredentialsOf(DeviceKey device) => Read(tables => tables.Devices.GetValueOrDefault(device)?.Session.Credentials);

    /// <summary>Waits until what is stored satisfies a condition, which is looked at after each commit.</summary>
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

    internal T Read<T>(Func<MemoryTables, T> read)
    {
        lock (_gate)
        {
            return read(_tables);
        }
    }

    /// <summary>Changes the tables in one transaction. It must not throw once it has changed anything: nothing is undone.</summary>
    internal T Write<T>(Func<MemoryTables, T> write)
    {
        T result;
        lock (_gate)
        {
            result = write(_tables);
            Commits++;
        }

        Interlocked.Exchange(ref _changed, NewChange()).SetResult();
        return result;
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

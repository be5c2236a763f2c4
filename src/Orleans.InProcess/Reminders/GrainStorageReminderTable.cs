using System.Globalization;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess;

/// <summary>
/// A reminder table over an <see cref="IGrainStorage"/>, so that a host whose grain state is durable has durable reminders too.
/// The rows are spread over a fixed number of records by the hash of their grain; a write rewrites one of these.
/// </summary>
internal sealed class GrainStorageReminderTable(IGrainStorage storage) : IReminderTable
{
    private const string StateName = "reminders";
    private const int PartitionCount = 32;

    private readonly Partition[] _partitions =
        [.. Enumerable.Range(0, PartitionCount).Select(i => new Partition(GrainId.Create("reminder-table", i.ToString(CultureInfo.InvariantCulture))))];

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Read([PartitionOf(grainId)], row => row.GrainId == grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Read(_partitions, row => HashRange.Contains(begin, end, row.GrainId));

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        (await Read([PartitionOf(grainId)], row => row.GrainId == grainId && row.ReminderName == reminderName)).Reminders.FirstOrDefault();

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var etag = Guid.NewGuid().ToString("N");
        await Change(PartitionOf(entry.GrainId), rows =>
        {
            rows.RemoveAll(row => row.Is(entry.GrainId, entry.ReminderName));
            rows.Add(new(entry.GrainId.ToString(), entry.ReminderName, entry.StartAt, entry.Period, etag));
            return true;
        });
        return etag;
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        Change(PartitionOf(grainId), rows => rows.RemoveAll(row => row.Is(grainId, reminderName) && row.ETag == eTag) > 0);

    public async Task TestOnlyClearTable()
    {
        foreach (var partition in _partitions)
        {
            await Change(partition, static rows =>
            {
                rows.Clear();
                return true;
            });
        }
    }

    private Partition PartitionOf(GrainId grainId) => _partitions[grainId.GetUniformHashCode() % PartitionCount];

    private async Task<ReminderTableData> Read(Partition[] partitions, Func<ReminderEntry, bool> wanted)
    {
        var found = new List<ReminderEntry>();
        foreach (var partition in partitions)
        {
            await partition.Gate.WaitAsync();
            try
            {
                found.AddRange((await Load(partition)).Select(static row => row.ToEntry()).Where(wanted));
            }
            finally
            {
                partition.Gate.Release();
            }
        }

        return new(found);
    }

    private async Task<bool> Change(Partition partition, Func<List<ReminderRow>, bool> change)
    {
        await partition.Gate.WaitAsync();
        try
        {
            var rows = new List<ReminderRow>(await Load(partition));
            if (!change(rows))
            {
                return false;
            }

            partition.Record!.State = new() { Rows = rows };
            await storage.WriteStateAsync(StateName, partition.Id, partition.Record);
            return true;
        }
        catch
        {
            partition.Record = null; // whatever is stored now, the next one reads it
            throw;
        }
        finally
        {
            partition.Gate.Release();
        }
    }

    private async Task<List<ReminderRow>> Load(Partition partition)
    {
        if (partition.Record is null)
        {
            var record = new GrainState<ReminderRows>(new());
            await storage.ReadStateAsync(StateName, partition.Id, record);
            partition.Record = record;
        }

        return partition.Record.State?.Rows ?? [];
    }

    /// <summary>A record, cached: this process is the only one that writes it.</summary>
    private sealed class Partition(GrainId id)
    {
        public GrainId Id => id;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public GrainState<ReminderRows>? Record { get; set; }
    }
}

/// <summary>The stored form of part of a reminder table. Plain, so that any storage can serialize it.</summary>
[GenerateSerializer]
public sealed class ReminderRows
{
    [Id(0)]
    public List<ReminderRow> Rows { get; set; } = [];
}

/// <summary>The stored form of a reminder.</summary>
[GenerateSerializer, Immutable]
public sealed record ReminderRow(string GrainId, string Name, DateTime StartAt, TimeSpan Period, string ETag)
{
    internal bool Is(GrainId grainId, string name) => Name == name && GrainId == grainId.ToString();

    internal ReminderEntry ToEntry() => new()
    {
        GrainId = Runtime.GrainId.Parse(GrainId),
        ReminderName = Name,
        StartAt = StartAt,
        Period = Period,
        ETag = ETag,
    };
}

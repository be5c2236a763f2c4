using System.Globalization;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>Keeps reminders for as long as the silo runs.</summary>
internal sealed class InMemoryReminderTable : IReminderTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(GrainId, string), ReminderEntry> _rows = [];
    private long _writes;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Read(row => row.GrainId == grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Read(row => HashRange.Contains(begin, end, row.GrainId));

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        (await Read(row => row.GrainId == grainId && row.ReminderName == reminderName)).Reminders.FirstOrDefault();

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        lock (_gate)
        {
            var row = ObjectCopier.Copy(entry);
            row.ETag = (++_writes).ToString(CultureInfo.InvariantCulture);
            _rows[(row.GrainId, row.ReminderName)] = row;
            return Task.FromResult<string?>(row.ETag);
        }
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        lock (_gate)
        {
            return Task.FromResult(_rows.GetValueOrDefault((grainId, reminderName))?.ETag == eTag && _rows.Remove((grainId, reminderName)));
        }
    }

    public Task TestOnlyClearTable()
    {
        lock (_gate)
        {
            _rows.Clear();
        }

        return Task.CompletedTask;
    }

    private Task<ReminderTableData> Read(Func<ReminderEntry, bool> wanted)
    {
        lock (_gate)
        {
            return Task.FromResult(new ReminderTableData([.. _rows.Values.Where(wanted).Select(ObjectCopier.Copy)!]));
        }
    }
}

/// <summary>A stretch of the circle of grain hashes.</summary>
internal static class HashRange
{
    public static bool Contains(uint begin, uint end, GrainId grainId)
    {
        var hash = grainId.GetUniformHashCode();
        return begin < end ? hash > begin && hash <= end : begin == end || hash > begin || hash <= end;
    }
}

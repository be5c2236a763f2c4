using Orleans.Runtime;

namespace Orleans;

/// <summary>Where reminders are stored. A row is found by grain and name; each write gives it a new ETag.</summary>
public interface IReminderTable
{
    Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    Task<ReminderTableData> ReadRows(GrainId grainId);

    /// <summary>The rows of all grains whose <see cref="GrainId.GetUniformHashCode"/> is in (begin, end]; all rows when both are equal.</summary>
    Task<ReminderTableData> ReadRows(uint begin, uint end);

    Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

    /// <returns>The new ETag; <c>null</c> when the row could not be written.</returns>
    Task<string?> UpsertRow(ReminderEntry entry);

    /// <returns>Whether there was such a row with this ETag.</returns>
    Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

    Task TestOnlyClearTable();

    Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}

[GenerateSerializer]
public sealed class ReminderTableData
{
    public ReminderTableData()
    {
    }

    public ReminderTableData(ReminderEntry entry) => Reminders = [entry];

    public ReminderTableData(IEnumerable<ReminderEntry> list) => Reminders = [.. list];

    [Id(0)]
    public IList<ReminderEntry> Reminders { get; private set; } = [];
}

/// <summary>One row of a reminder table.</summary>
[GenerateSerializer]
public sealed class ReminderEntry
{
    [Id(0)]
    public GrainId GrainId { get; set; }

    [Id(1)]
    public string ReminderName { get; set; } = null!;

    /// <summary>When the first tick is due, in UTC. The others follow at whole periods from here.</summary>
    [Id(2)]
    public DateTime StartAt { get; set; }

    [Id(3)]
    public TimeSpan Period { get; set; }

    [Id(4)]
    public string? ETag { get; set; }
}

namespace Orleans.Hosting;

/// <summary>Limits of the reminder service.</summary>
public sealed class ReminderOptions
{
    /// <summary>The shortest period a reminder may have. Default: 1 minute.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often other silos' changes are looked for. There are none in one process: not used. Default: 5 minutes.</summary>
    public TimeSpan RefreshReminderListPeriod { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the reminder table may take to start. Default: 5 minutes.</summary>
    public TimeSpan InitializationTimeout { get; set; } = TimeSpan.FromMinutes(5);
}

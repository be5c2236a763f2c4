using Microsoft.Extensions.DependencyInjection;
using Orleans.InProcess;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What a grain can do with its reminders.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Stores a reminder, and returns when it is stored. One of the same name is replaced, so repeating is safe.</summary>
    /// <exception cref="ArgumentException">The period is shorter than <see cref="Hosting.ReminderOptions.MinimumReminderPeriod"/>.</exception>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain is IRemindable
            ? Service(grain).RegisterOrUpdate(grain.GrainContext.GrainId, reminderName, dueTime, period)
            : throw new InvalidOperationException($"Grain class {grain.GetType()} does not implement {nameof(IRemindable)}, so it cannot have reminders.");
    }

    /// <inheritdoc cref="RegisterOrUpdateReminder(IGrainBase, string, TimeSpan, TimeSpan)"/>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        ((IGrainBase)grain).RegisterOrUpdateReminder(reminderName, dueTime, period);

    /// <summary>Removes a reminder. That it is gone already is no error.</summary>
    /// <exception cref="ReminderException">It was registered anew since <paramref name="reminder"/> was got.</exception>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return Service(grain).Unregister((Reminder)reminder);
    }

    /// <inheritdoc cref="UnregisterReminder(IGrainBase, IGrainReminder)"/>
    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder) => ((IGrainBase)grain).UnregisterReminder(reminder);

    /// <summary>The stored reminder of this name; <c>null</c> when there is none.</summary>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return Service(grain).Get(grain.GrainContext.GrainId, reminderName);
    }

    /// <inheritdoc cref="GetReminder(IGrainBase, string)"/>
    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) => ((IGrainBase)grain).GetReminder(reminderName);

    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return Service(grain).GetAll(grain.GrainContext.GrainId);
    }

    public static Task<List<IGrainReminder>> GetReminders(this Grain grain) => ((IGrainBase)grain).GetReminders();

    private static ReminderService Service(IGrainBase grain)
    {
        RuntimeContext.ThrowIfNotIn(grain.GrainContext);
        return grain.GrainContext.ActivationServices.GetRequiredService<ReminderService>();
    }
}

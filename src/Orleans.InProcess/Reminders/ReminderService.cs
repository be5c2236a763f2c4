using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>
/// Keeps reminders in the table, and a timer for each of them while the silo runs. The table is the truth: what it holds when
/// the silo starts is armed again. Ticks that were due while no silo ran are not made up for.
/// </summary>
internal sealed class ReminderService(
    IServiceProvider services,
    TurnScheduler scheduler,
    [FromKeyedServices(ReminderTimeProviderNames.Reminders)] TimeProvider clock,
    IOptions<ReminderOptions> options,
    ILogger<ReminderService> logger)
{
    private readonly ConcurrentDictionary<(GrainId, string), ReminderTimer> _timers = new();
    private readonly TurnQueue _turns = new(scheduler, owner: null);

    public TimeProvider Clock => clock;

    public ILogger Logger => logger;

    private IReminderTable Table => services.GetService<IReminderTable>() ?? throw new OrleansConfigurationException(
        "No reminder table is registered. Call UseInMemoryReminderService() or UseGrainStorageReminderService(), or register an IReminderTable.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IReminderTable>() is not { } table)
        {
            return; // this silo has no reminders
        }

        using var timeout = new CancellationTokenSource(options.Value.InitializationTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await table.StartAsync(both.Token);
        foreach (var entry in (await table.ReadRows(0, 0)).Reminders)
        {
            Arm(entry);
        }
    }

    public void Kill()
    {
        _turns.Kill();
        DisposeTimers();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        DisposeTimers();
        if (services.GetService<IReminderTable>() is { } table)
        {
            await table.StopAsync(cancellationToken);
        }
    }

    public async Task<IGrainReminder> RegisterOrUpdate(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException($"Reminder {name} asks for a period of {period}. The shortest is {options.Value.MinimumReminderPeriod}.", nameof(period));
        }

        var entry = new ReminderEntry { GrainId = grainId, ReminderName = name, StartAt = clock.GetUtcNow().UtcDateTime + dueTime, Period = period };
        entry.ETag = await Table.UpsertRow(entry) ?? throw new ReminderException($"Reminder {name} of grain {grainId} was written by somebody else. Try again.");
        Arm(entry);
        return new Reminder(grainId, name, entry.ETag);
    }

    public async Task Unregister(Reminder reminder)
    {
        if (!await Table.RemoveRow(reminder.GrainId, reminder.ReminderName, reminder.ETag)
            && await Table.ReadRow(reminder.GrainId, reminder.ReminderName) is not null)
        {
            throw new ReminderException($"Reminder {reminder.ReminderName} of grain {reminder.GrainId} was registered anew meanwhile. Get it again and retry.");
        }

        if (_timers.TryRemove((reminder.GrainId, reminder.ReminderName), out var timer))
        {
            timer.Dispose();
        }
    }

    public async Task<IGrainReminder?> Get(GrainId grainId, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return await Table.ReadRow(grainId, name) is { } entry ? Reminder.Of(entry) : null;
    }

    public async Task<List<IGrainReminder>> GetAll(GrainId grainId) => [.. (await Table.ReadRows(grainId)).Reminders.Select(Reminder.Of)];

    /// <summary>Runs something outside of all grains, in turns.</summary>
    public void Post(Action action) => _turns.Post(action);

    public IRemindable Grain(GrainId grainId) => services.GetRequiredService<IGrainFactory>().GetGrain<IRemindable>(grainId);

    private void DisposeTimers()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Dispose();
        }
    }

    private void Arm(ReminderEntry entry)
    {
        var timer = new ReminderTimer(this, entry);
        _timers.AddOrUpdate((entry.GrainId, entry.ReminderName), timer, (_, old) =>
        {
            old.Dispose();
            return timer;
        });
        timer.Arm();
    }
}

/// <summary>A reminder as its grain holds it.</summary>
[GenerateSerializer, Immutable]
internal sealed record Reminder(GrainId GrainId, string ReminderName, string ETag) : IGrainReminder
{
    public static IGrainReminder Of(ReminderEntry entry) => new Reminder(entry.GrainId, entry.ReminderName, entry.ETag!);
}

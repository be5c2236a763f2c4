using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class ReminderTests(SiloFixture silo)
{
    private readonly TimeSpan _period = TimeSpan.FromMilliseconds(Random.Shared.Next(120_000, 180_000));
    private readonly string _key = SiloFixture.NewKey();

    private IRemindedGrain Grain => silo.Grains.GetGrain<IRemindedGrain>(_key);

    [Fact]
    public async Task A_reminder_ticks_when_it_is_due_and_then_once_each_period()
    {
        var start = silo.Clock.GetUtcNow().UtcDateTime + _period;
        await Grain.Remind("wake", _period, _period);
        await silo.Clock.TimerArmed(_period);

        silo.Clock.Advance(_period);
        await silo.Probe.Reached($"{_key} wake#1");
        await silo.Clock.TimerArmed(_period);
        silo.Clock.Advance(_period);
        var tick = await silo.Probe.Shown<TickStatus>($"{_key} wake#2 status");

        Assert.Equal(new TickStatus(start, _period, start + _period), tick);
        await Grain.Forget("wake");
    }

    [Fact]
    public async Task A_tick_activates_its_grain()
    {
        await Grain.Remind("wake", _period, _period);
        await silo.Cluster.DeactivateAsync(Grain);
        await silo.Clock.TimerArmed(_period);

        silo.Clock.Advance(_period);

        await silo.Probe.Reached($"{_key} wake#1");
        await Grain.Forget("wake");
    }

    [Fact]
    public async Task A_tick_that_fails_is_followed_by_the_next_one()
    {
        await Grain.Remind("fail", _period, _period);
        await silo.Clock.TimerArmed(_period);
        silo.Clock.Advance(_period);
        await silo.Probe.Reached($"{_key} fail#1");

        await silo.Clock.TimerArmed(_period);
        silo.Clock.Advance(_period);

        await silo.Probe.Reached($"{_key} fail#2");
        await Grain.Forget("fail");
    }

    [Fact]
    public async Task A_reminder_is_found_by_its_name_until_it_is_unregistered()
    {
        await Grain.Remind("wake", _period, _period);
        await Grain.Remind("sleep", _period, _period);
        Assert.Equal(["sleep", "wake"], (await Grain.Reminders()).Order());

        await Grain.Forget("wake");

        Assert.Equal(["sleep"], await Grain.Reminders());
        Assert.False(await Grain.Has("wake"));
        await Grain.Forget("sleep");
    }

    [Fact]
    public async Task Registering_again_under_the_same_name_replaces_the_reminder()
    {
        var longer = 3 * _period;
        await Grain.Remind("wake", _period, _period);
        await Grain.Remind("wake", longer, longer);
        await silo.Clock.TimerArmed(longer);

        silo.Clock.Advance(longer - TimeSpan.FromMilliseconds(1));
        await Grain.Reminders();
        Assert.Equal(0, silo.Probe.CountOf($"{_key} wake"));

        silo.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await silo.Probe.Reached($"{_key} wake#1");
        await Grain.Forget("wake");
    }

    [Fact]
    public async Task A_period_shorter_than_the_least_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Grain.Remind("wake", TimeSpan.Zero, TimeSpan.FromSeconds(59)));
    }

    [Fact]
    public async Task A_grain_that_is_not_remindable_cannot_have_reminders()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => silo.Grains.GetGrain<IUnremindableGrain>(_key).Remind());
    }
}

public interface IRemindedGrain : IGrainWithStringKey, IRemindable
{
    Task Remind(string name, TimeSpan dueTime, TimeSpan period);

    Task Forget(string name);

    Task<bool> Has(string name);

    Task<string[]> Reminders();
}

internal sealed class RemindedGrain(Probe probe) : Grain, IRemindedGrain
{
    public Task Remind(string name, TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task Forget(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task<bool> Has(string name) => await this.GetReminder(name) is not null;

    public async Task<string[]> Reminders() => [.. (await this.GetReminders()).Select(r => r.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var tick = $"{this.GetPrimaryKeyString()} {reminderName}";
        probe.Show($"{tick}#{probe.CountOf(tick) + 1} status", status);
        probe.Count(tick);
        return reminderName == "fail" ? throw new InvalidOperationException("the reminder fails") : Task.CompletedTask;
    }
}

public interface IUnremindableGrain : IGrainWithStringKey
{
    Task Remind();
}

internal sealed class UnremindableGrain : Grain, IUnremindableGrain
{
    public Task Remind() => this.RegisterOrUpdateReminder("wake", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
}

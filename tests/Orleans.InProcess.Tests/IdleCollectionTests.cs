using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

// Grains that must be kept are older than one that is collected: when that has gone, their time has passed too.
[Collection(SystemClockSilo.Name)]
public sealed class IdleCollectionTests(SystemClockFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    [Fact]
    public async Task An_idle_grain_is_deactivated_at_the_age_of_its_class()
    {
        await silo.Grains.GetGrain<IIdleGrain>(_key, typeof(BrieflyKeptGrain).FullName).Me();

        var reason = await silo.Probe.Shown<DeactivationReason>($"{_key} deactivated");

        Assert.Equal(DeactivationReasonCode.ActivationIdle, reason.ReasonCode);
    }

    [Fact]
    public async Task A_grain_of_a_class_that_names_no_age_is_kept_for_the_general_one()
    {
        var grain = silo.Grains.GetGrain<IIdleGrain>(_key, typeof(LongKeptGrain).FullName);
        var me = await grain.Me();

        await AnotherIsCollected();

        Assert.Equal(me, await grain.Me());
    }

    [Fact]
    public async Task A_grain_that_delays_its_deactivation_is_kept()
    {
        var grain = silo.Grains.GetGrain<IIdleGrain>(_key, typeof(BrieflyKeptGrain).FullName);
        var me = await grain.Delay(TimeSpan.FromHours(1));

        await AnotherIsCollected();

        Assert.Equal(me, await grain.Me());
    }

    [Fact]
    public async Task A_grain_that_is_running_a_request_is_kept()
    {
        var grain = silo.Grains.GetGrain<IIdleGrain>(_key, typeof(BrieflyKeptGrain).FullName);
        var running = grain.Hold();
        await silo.Probe.Reached($"{_key} holding");

        await AnotherIsCollected();

        Assert.False(silo.Probe.Has($"{_key} deactivated"));
        silo.Probe.Set($"{_key} go on");
        await running;
    }

    [Fact]
    public async Task A_timer_keeps_its_grain_only_if_it_says_so()
    {
        var kept = silo.Grains.GetGrain<ITickingGrain>(_key);
        var me = await kept.Tick(keepAlive: true);
        var other = SiloFixture.NewKey();
        await silo.Grains.GetGrain<ITickingGrain>(other).Tick(keepAlive: false);

        await silo.Probe.Reached($"{other} deactivated");

        Assert.Equal(me, await kept.Tick(keepAlive: true));
    }

    private async Task AnotherIsCollected()
    {
        var key = SiloFixture.NewKey();
        await silo.Grains.GetGrain<IIdleGrain>(key, typeof(BrieflyKeptGrain).FullName).Me();
        await silo.Probe.Reached($"{key} deactivated");
    }
}

public interface IIdleGrain : IGrainWithStringKey
{
    Task<Guid> Me();

    Task<Guid> Delay(TimeSpan time);

    Task Hold();
}

public interface ITickingGrain : IGrainWithStringKey
{
    Task<Guid> Tick(bool keepAlive);
}

internal abstract class IdleGrain(Probe probe) : Grain
{
    private readonly Guid _me = Guid.NewGuid();

    private string Key => this.GetPrimaryKeyString();

    public Task<Guid> Me() => Task.FromResult(_me);

    public Task<Guid> Delay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Me();
    }

    public async Task Hold()
    {
        probe.Set($"{Key} holding");
        await probe.Reached($"{Key} go on");
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Show($"{Key} deactivated", reason);
        return Task.CompletedTask;
    }
}

internal sealed class BrieflyKeptGrain(Probe probe) : IdleGrain(probe), IIdleGrain;

internal sealed class LongKeptGrain(Probe probe) : IdleGrain(probe), IIdleGrain;

internal sealed class TickingGrain(Probe probe) : IdleGrain(probe), ITickingGrain
{
    public Task<Guid> Tick(bool keepAlive)
    {
        var often = TimeSpan.FromMilliseconds(200);
        this.RegisterGrainTimer(static () => Task.CompletedTask, new(often, often) { KeepAlive = keepAlive });
        return Me();
    }
}

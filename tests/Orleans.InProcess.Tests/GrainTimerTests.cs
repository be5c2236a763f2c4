using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class GrainTimerTests(SiloFixture silo)
{
    // Of this test alone, so that what it waits to be armed is no timer of another.
    private readonly TimeSpan _period = TimeSpan.FromMilliseconds(Random.Shared.Next(500, 30_000) * 2);
    private readonly string _key = SiloFixture.NewKey();

    private ITimerGrain Grain => silo.Grains.GetGrain<ITimerGrain>(_key);

    [Fact]
    public async Task A_timer_due_at_zero_ticks_at_once()
    {
        await Grain.Start(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await silo.Probe.Reached($"{_key} tick#1");
    }

    [Fact]
    public async Task A_timer_ticks_when_it_is_due_and_then_after_each_period()
    {
        await Grain.Start(_period, _period);
        await silo.Clock.TimerArmed(_period);

        silo.Clock.Advance(_period - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, silo.Probe.CountOf($"{_key} tick"));

        silo.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await silo.Probe.Reached($"{_key} tick#1");
        await silo.Clock.TimerArmed(_period);
        silo.Clock.Advance(_period);
        await silo.Probe.Reached($"{_key} tick#2");
    }

    [Fact]
    public async Task A_timer_never_overlaps_itself_and_its_period_counts_from_the_end_of_the_callback()
    {
        await Grain.Start(TimeSpan.Zero, _period, new() { HoldFirst = true, Interleave = true });
        await silo.Probe.Reached($"{_key} tick#1");

        silo.Clock.Advance(3 * _period);
        await Grain.Ping();
        Assert.Equal(1, silo.Probe.CountOf($"{_key} tick"));

        var rearmed = silo.Clock.TimerArmed(_period);
        silo.Probe.Set($"{_key} go on");
        await rearmed;
        silo.Clock.Advance(_period);
        await silo.Probe.Reached($"{_key} tick#2");
    }

    [Fact]
    public async Task After_an_exception_the_next_tick_comes_after_the_period()
    {
        var rearmed = silo.Clock.TimerArmed(_period);
        await Grain.Start(TimeSpan.Zero, _period, new() { FailFirst = true });
        await silo.Probe.Reached($"{_key} tick#1");

        await rearmed;
        silo.Clock.Advance(_period);

        await silo.Probe.Reached($"{_key} tick#2");
    }

    [Fact]
    public async Task A_change_inside_the_callback_takes_effect_when_the_callback_has_ended()
    {
        var sooner = _period / 2;
        var rearmed = silo.Clock.TimerArmed(sooner);
        await Grain.Start(TimeSpan.Zero, _period, new() { ChangeFirstTo = sooner });
        await silo.Probe.Reached($"{_key} tick#1");

        await rearmed;
        silo.Clock.Advance(sooner);

        await silo.Probe.Reached($"{_key} tick#2");
    }

    [Fact]
    public async Task A_change_outside_the_callback_takes_effect_at_once()
    {
        await Grain.Start(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        await Grain.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await silo.Probe.Reached($"{_key} tick#1");
    }

    [Fact]
    public async Task A_tick_waits_for_the_request_that_is_running()
    {
        await Grain.Start(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var request = Grain.ChangeAndHold(TimeSpan.Zero);
        await silo.Probe.Reached($"{_key} holding");

        await Grain.Ping();
        Assert.Equal(0, silo.Probe.CountOf($"{_key} tick"));

        silo.Probe.Set($"{_key} let go");
        await request;
        await silo.Probe.Reached($"{_key} tick#1");
    }

    [Fact]
    public async Task An_interleaving_tick_does_not_wait_for_the_request_that_is_running()
    {
        await Grain.Start(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, new() { Interleave = true });
        var request = Grain.ChangeAndHold(TimeSpan.Zero);

        await silo.Probe.Reached($"{_key} tick#1");

        Assert.False(request.IsCompleted);
        silo.Probe.Set($"{_key} let go");
        await request;
    }

    [Fact]
    public async Task A_request_waits_for_a_tick_that_is_running()
    {
        await Grain.Start(TimeSpan.Zero, Timeout.InfiniteTimeSpan, new() { HoldFirst = true });
        await silo.Probe.Reached($"{_key} tick#1");

        var waiting = Grain.Change(_period, _period);
        await Grain.Ping();
        Assert.False(waiting.IsCompleted);

        silo.Probe.Set($"{_key} go on");
        await waiting;
    }

    [Fact]
    public async Task The_token_of_a_tick_is_cancelled_when_the_timer_is_disposed()
    {
        await Grain.Start(TimeSpan.Zero, _period, new() { HoldFirst = true, Interleave = true });
        var token = await silo.Probe.Shown<CancellationToken>($"{_key} token");
        Assert.False(token.IsCancellationRequested);

        await Grain.Stop();

        Assert.True(token.IsCancellationRequested);
        silo.Probe.Set($"{_key} go on");
    }

    [Fact]
    public async Task A_deactivation_waits_for_a_tick_that_is_running()
    {
        await Grain.Start(TimeSpan.Zero, _period, new() { HoldFirst = true, Interleave = true });
        var token = await silo.Probe.Shown<CancellationToken>($"{_key} token");

        await Grain.Deactivate();
        Assert.False(token.IsCancellationRequested);
        Assert.False(silo.Probe.Has($"{_key} deactivated"));

        silo.Probe.Set($"{_key} go on");
        await silo.Probe.Reached($"{_key} deactivated");
        Assert.True(token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_timer_dies_with_its_activation()
    {
        await Grain.Start(TimeSpan.Zero, _period);
        var token = await silo.Probe.Shown<CancellationToken>($"{_key} token");
        await silo.Clock.TimerArmed(_period);

        await silo.Cluster.DeactivateAsync(Grain);
        silo.Clock.Advance(3 * _period);
        await Grain.Ping();

        Assert.True(token.IsCancellationRequested);
        Assert.Equal(1, silo.Probe.CountOf($"{_key} tick"));
    }

    [Fact]
    public async Task A_timer_started_while_activating_ticks_after_the_activation()
    {
        var grain = silo.Grains.GetGrain<IEagerTimerGrain>(_key);

        await grain.Ping();

        await silo.Probe.Reached($"{_key} tick");
        Assert.True(silo.Probe.Has($"{_key} activated"));
    }
}

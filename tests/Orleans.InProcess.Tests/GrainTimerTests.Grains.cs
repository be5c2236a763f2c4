using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

[GenerateSerializer, Immutable]
public sealed record TimerBehaviour
{
    [Id(0)]
    public bool Interleave { get; init; }

    [Id(1)]
    public bool HoldFirst { get; init; }

    [Id(2)]
    public bool FailFirst { get; init; }

    [Id(3)]
    public TimeSpan? ChangeFirstTo { get; init; }
}

public interface ITimerGrain : IGrainWithStringKey
{
    Task Start(TimeSpan dueTime, TimeSpan period, TimerBehaviour? behaviour = null);

    Task Change(TimeSpan dueTime, TimeSpan period);

    Task ChangeAndHold(TimeSpan dueTime);

    Task Stop();

    Task Deactivate();

    [Concurrency.AlwaysInterleave]
    Task Ping();
}

internal sealed class TimerGrain(Probe probe) : Grain, ITimerGrain
{
    private IGrainTimer _timer = null!;
    private TimerBehaviour _behaviour = new();

    private string Key => this.GetPrimaryKeyString();

    public Task Start(TimeSpan dueTime, TimeSpan period, TimerBehaviour? behaviour)
    {
        _behaviour = behaviour ?? _behaviour;
        _timer = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(dueTime, period) { Interleave = _behaviour.Interleave });
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan dueTime, TimeSpan period)
    {
        _timer.Change(dueTime, period);
        return Task.CompletedTask;
    }

    public async Task ChangeAndHold(TimeSpan dueTime)
    {
        _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        probe.Set($"{Key} holding");
        await probe.Reached($"{Key} let go");
    }

    public Task Stop()
    {
        _timer.Dispose();
        return Task.CompletedTask;
    }

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Ping() => Task.CompletedTask;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Set($"{Key} deactivated");
        return Task.CompletedTask;
    }

    private async Task Tick(CancellationToken cancellationToken)
    {
        probe.Show($"{Key} token", cancellationToken);
        var isFirst = probe.Count($"{Key} tick") == 1;
        if (isFirst && _behaviour.HoldFirst)
        {
            await probe.Reached($"{Key} go on");
        }

        if (isFirst && _behaviour.ChangeFirstTo is { } dueTime)
        {
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        if (isFirst && _behaviour.FailFirst)
        {
            throw new InvalidOperationException("the first tick fails");
        }
    }
}

public interface IEagerTimerGrain : IGrainWithStringKey
{
    Task Ping();
}

internal sealed class EagerTimerGrain(Probe probe) : Grain, IEagerTimerGrain
{
    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(static (grain, _) => grain.Tick(), this, new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        await Task.Yield();
        probe.Set($"{Key} activated");
    }

    public Task Ping() => Task.CompletedTask;

    private Task Tick()
    {
        probe.Set($"{Key} tick");
        return Task.CompletedTask;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Wuts.Grains.Hosting;

namespace Wuts.Grains.Tests;

public sealed class WorkTimerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Work _work = new();
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync(configure: services => services.AddSingleton(_work));

    public async Task DisposeAsync()
    {
        _work.GoOn.TrySetResult();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Ticks_do_not_overlap_however_often_the_timer_is_armed_before_the_first_begins()
    {
        var grain = _cluster.Service<IGrainFactory>().GetGrain<IWorkingGrain>("one");
        await grain.Arm(times: 20);
        await _work.Begun.Task.WaitAsync(Patience);
        for (var turn = 0; turn < 20; turn++)
        {
            await grain.Arm(times: 0); // gives the others their turn
        }

        Assert.Equal(1, _work.UnderWay);
    }

    [Fact]
    public async Task A_tick_that_fails_is_not_the_last()
    {
        _work.GoOn.SetException(new InvalidOperationException("as the test wants it"));
        var grain = _cluster.Service<IGrainFactory>().GetGrain<IWorkingGrain>("one");
        await grain.Arm(times: 1);
        await _work.Begun.Task.WaitAsync(Patience);

        _work.Begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _cluster.Clock.TimerArmed(WorkingGrain.Period);
        _cluster.Clock.Advance(WorkingGrain.Period);
        await _work.Begun.Task.WaitAsync(Patience);
    }
}

public interface IWorkingGrain : IGrainWithStringKey
{
    /// <summary>Arms its timer for now, so many times.</summary>
    Task Arm(int times);
}

internal sealed class Work
{
    public TaskCompletionSource Begun { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int UnderWay { get; set; }
}

internal sealed class WorkingGrain(Work work) : Grain, IWorkingGrain
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(47);

    private IGrainTimer _timer = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterWork(async _ =>
        {
            work.UnderWay++;
            work.Begun.TrySetResult();
            await work.GoOn.Task;
            work.UnderWay--;
        });
        return Task.CompletedTask;
    }

    public Task Arm(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _timer.Change(TimeSpan.Zero, Period);
        }

        return Task.CompletedTask;
    }
}

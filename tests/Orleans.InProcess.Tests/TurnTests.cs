using Orleans.Concurrency;
using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class TurnTests(SiloFixture silo)
{
    private const int Callers = 16;
    private const int CallsOfEach = 250;

    [Fact]
    public async Task Turns_of_a_reentrant_grain_never_overlap_however_many_threads_call_it()
    {
        var grain = silo.Grains.GetGrain<IReentrantCounterGrain>(SiloFixture.NewKey());

        await Hammer(grain.CountInTwoTurns);

        Assert.Equal(new Count(2 * Callers * CallsOfEach, Overlaps: 0), await grain.Read());
    }

    [Fact]
    public async Task Requests_of_a_plain_grain_run_one_at_a_time_from_their_first_turn_to_their_last()
    {
        var grain = silo.Grains.GetGrain<IPlainCounterGrain>(SiloFixture.NewKey());

        await Hammer(grain.CountAcrossTurns);

        Assert.Equal(new Count(Callers * CallsOfEach, Overlaps: 0), await grain.Read());
    }

    [Fact]
    public async Task Code_after_an_await_is_back_on_the_scheduler_of_its_grain()
    {
        var grain = silo.Grains.GetGrain<IPlainCounterGrain>(SiloFixture.NewKey());

        Assert.True(await grain.StaysOnItsScheduler());
    }

    [Fact]
    public async Task A_task_started_by_a_grain_runs_in_its_turns()
    {
        var grain = silo.Grains.GetGrain<IPlainCounterGrain>(SiloFixture.NewKey());

        Assert.True(await grain.StartsTasksOnItsScheduler());
    }

    private static Task Hammer(Func<Task> call) => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
    {
        for (var i = 0; i < CallsOfEach; i++)
        {
            await call();
        }
    })));
}

[GenerateSerializer, Immutable]
public sealed record Count([property: Id(0)] int Turns, [property: Id(1)] int Overlaps);

public interface IReentrantCounterGrain : IGrainWithStringKey
{
    Task CountInTwoTurns();

    Task<Count> Read();
}

[Reentrant]
internal sealed class ReentrantCounterGrain : Grain, IReentrantCounterGrain
{
    private int _inside;
    private int _overlaps;
    private int _turns;

    public async Task CountInTwoTurns()
    {
        OneTurn();
        await Task.Yield();
        OneTurn();
    }

    public Task<Count> Read() => Task.FromResult(new Count(_turns, _overlaps));

    private void OneTurn()
    {
        if (Interlocked.Increment(ref _inside) != 1)
        {
            Interlocked.Increment(ref _overlaps);
        }

        _turns++; // not atomic: a second thread would lose some
        Thread.SpinWait(100);
        Interlocked.Decrement(ref _inside);
    }
}

public interface IPlainCounterGrain : IGrainWithStringKey
{
    Task CountAcrossTurns();

    Task<Count> Read();

    Task<bool> StaysOnItsScheduler();

    Task<bool> StartsTasksOnItsScheduler();
}

internal sealed class PlainCounterGrain : Grain, IPlainCounterGrain
{
    private bool _inside;
    private int _overlaps;
    private int _turns;

    public async Task CountAcrossTurns()
    {
        _overlaps += _inside ? 1 : 0;
        _inside = true;
        await Task.Yield();
        _inside = false;
        _turns++;
    }

    public Task<Count> Read() => Task.FromResult(new Count(_turns, _overlaps));

    public async Task<bool> StaysOnItsScheduler()
    {
        var mine = TaskScheduler.Current;
        await Task.Yield();
        var afterYield = TaskScheduler.Current;
        await Task.Run(static () => Thread.SpinWait(100));
        return mine != TaskScheduler.Default && mine == afterYield && mine == TaskScheduler.Current;
    }

    public async Task<bool> StartsTasksOnItsScheduler()
    {
        var mine = TaskScheduler.Current;
        var theirs = await Task.Factory.StartNew(static () => TaskScheduler.Current, default, TaskCreationOptions.None, TaskScheduler.Current);
        return mine == theirs;
    }
}

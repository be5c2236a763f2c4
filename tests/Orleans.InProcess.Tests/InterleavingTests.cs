using Orleans.Concurrency;
using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

// That a request waits is shown by a later one that may overtake it: when that has been answered, the first has had its chance.
[Collection(SharedSilo.Name)]
public sealed class InterleavingTests(SiloFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    [Fact]
    public async Task A_request_waits_for_the_one_that_is_running()
    {
        var grain = silo.Grains.GetGrain<IBusyGrain>(_key);
        var running = grain.Write(hold: true);
        await silo.Probe.Reached($"{_key} started");

        var waiting = grain.Write(hold: false);
        await grain.Peek();
        Assert.False(waiting.IsCompleted);

        silo.Probe.Set($"{_key} go on");
        await Task.WhenAll(running, waiting);
    }

    [Fact]
    public async Task An_always_interleaving_request_runs_while_another_waits_for_something()
    {
        var grain = silo.Grains.GetGrain<IBusyGrain>(_key);
        var running = grain.Write(hold: true);
        await silo.Probe.Reached($"{_key} started");

        await grain.Peek();

        Assert.False(running.IsCompleted);
        silo.Probe.Set($"{_key} go on");
        await running;
    }

    [Fact]
    public async Task Read_only_requests_interleave_with_each_other()
    {
        var grain = silo.Grains.GetGrain<IBusyGrain>(_key);
        var running = grain.Read(hold: true);
        await silo.Probe.Reached($"{_key} started");

        await grain.Read(hold: false);

        Assert.False(running.IsCompleted);
        silo.Probe.Set($"{_key} go on");
        await running;
    }

    [Fact]
    public async Task A_read_only_request_waits_for_one_that_writes()
    {
        var grain = silo.Grains.GetGrain<IBusyGrain>(_key);
        var running = grain.Write(hold: true);
        await silo.Probe.Reached($"{_key} started");

        var waiting = grain.Read(hold: false);
        await grain.Peek();
        Assert.False(waiting.IsCompleted);

        silo.Probe.Set($"{_key} go on");
        await Task.WhenAll(running, waiting);
    }

    [Fact]
    public async Task A_request_that_writes_waits_for_a_read_only_one()
    {
        var grain = silo.Grains.GetGrain<IBusyGrain>(_key);
        var running = grain.Read(hold: true);
        await silo.Probe.Reached($"{_key} started");

        var waiting = grain.Write(hold: false);
        await grain.Peek();
        Assert.False(waiting.IsCompleted);

        silo.Probe.Set($"{_key} go on");
        await Task.WhenAll(running, waiting);
    }

    [Fact]
    public async Task Requests_of_a_reentrant_grain_interleave()
    {
        var grain = silo.Grains.GetGrain<IReentrantBusyGrain>(_key);
        var running = grain.Write(hold: true);
        await silo.Probe.Reached($"{_key} started");

        await grain.Write(hold: false);

        Assert.False(running.IsCompleted);
        silo.Probe.Set($"{_key} go on");
        await running;
    }

    [Fact]
    public async Task A_call_chain_that_was_allowed_to_may_come_back_into_its_grain()
    {
        var grain = silo.Grains.GetGrain<IBusyGrain>(_key);

        await grain.CallMyselfThrough(SiloFixture.NewKey(), allowReentrancy: true);
    }

    [Fact]
    public async Task A_call_chain_that_comes_back_without_leave_waits_until_it_times_out()
    {
        var grain = silo.Grains.GetGrain<IBusyGrain>(_key);

        await Assert.ThrowsAsync<TimeoutException>(() => grain.CallMyselfThrough(SiloFixture.NewKey(), allowReentrancy: false));
    }
}

public interface IBusyGrain : IGrainWithStringKey
{
    Task Write(bool hold);

    [ReadOnly]
    Task Read(bool hold);

    [AlwaysInterleave]
    Task Peek();

    Task CallMyselfThrough(string other, bool allowReentrancy);

    Task CallBack(string key);

    [ResponseTimeout("00:00:01")]
    Task ComeBack();
}

public interface IReentrantBusyGrain : IGrainWithStringKey
{
    Task Write(bool hold);
}

internal sealed class BusyGrain(Probe probe) : Grain, IBusyGrain
{
    public Task Write(bool hold) => Hold(hold);

    public Task Read(bool hold) => Hold(hold);

    public Task Peek() => Task.CompletedTask;

    public async Task CallMyselfThrough(string other, bool allowReentrancy)
    {
        using (allowReentrancy ? RequestContext.AllowCallChainReentrancy() : RequestContext.SuppressCallChainReentrancy())
        {
            await GrainFactory.GetGrain<IBusyGrain>(other).CallBack(this.GetPrimaryKeyString());
        }
    }

    public Task CallBack(string key) => GrainFactory.GetGrain<IBusyGrain>(key).ComeBack();

    public Task ComeBack() => Task.CompletedTask;

    private async Task Hold(bool hold)
    {
        if (hold)
        {
            probe.Set($"{this.GetPrimaryKeyString()} started");
            await probe.Reached($"{this.GetPrimaryKeyString()} go on");
        }
    }
}

[Reentrant]
internal sealed class ReentrantBusyGrain(Probe probe) : Grain, IReentrantBusyGrain
{
    public async Task Write(bool hold)
    {
        if (hold)
        {
            probe.Set($"{this.GetPrimaryKeyString()} started");
            await probe.Reached($"{this.GetPrimaryKeyString()} go on");
        }
    }
}

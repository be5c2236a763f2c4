using Orleans.Concurrency;
using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class OneWayTests(SiloFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    [Fact]
    public async Task The_caller_goes_on_before_the_grain_has_finished()
    {
        await silo.Grains.GetGrain<INotifiedGrain>(_key).Notify();

        await silo.Probe.Reached($"{_key} started");
        silo.Probe.Set($"{_key} go on");
        await silo.Probe.Reached($"{_key} finished");
    }

    [Fact]
    public async Task The_caller_does_not_learn_of_an_exception()
    {
        var grain = silo.Grains.GetGrain<INotifiedGrain>(_key);

        await grain.NotifyAndFail();

        await silo.Probe.Reached($"{_key} failing");
        await grain.Ping();
    }

    [Fact]
    public async Task A_method_without_a_result_type_is_one_way()
    {
        silo.Grains.GetGrain<INotifiedGrain>(_key).Shout();

        await silo.Probe.Reached($"{_key} shouted");
    }
}

public interface INotifiedGrain : IGrainWithStringKey
{
    [OneWay]
    Task Notify();

    [OneWay]
    Task NotifyAndFail();

    void Shout();

    Task Ping();
}

internal sealed class NotifiedGrain(Probe probe) : Grain, INotifiedGrain
{
    private string Key => this.GetPrimaryKeyString();

    public async Task Notify()
    {
        probe.Set($"{Key} started");
        await probe.Reached($"{Key} go on");
        probe.Set($"{Key} finished");
    }

    public Task NotifyAndFail()
    {
        probe.Set($"{Key} failing");
        throw new InvalidOperationException("nobody hears this");
    }

    public void Shout() => probe.Set($"{Key} shouted");

    public Task Ping() => Task.CompletedTask;
}

using Orleans.Concurrency;
using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class StatelessWorkerTests(SiloFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    [Fact]
    public async Task As_many_requests_run_at_once_as_there_may_be_workers_and_the_others_wait()
    {
        var worker = silo.Grains.GetGrain<ITwoWorkersGrain>(_key);

        var requests = Enumerable.Range(0, 5).Select(_ => worker.Work()).ToArray();
        await silo.Probe.Reached($"{_key} working#2");
        silo.Probe.Set($"{_key} go on");
        var workers = await Task.WhenAll(requests);

        Assert.Equal(2, workers.Distinct().Count());
        Assert.Equal(2, silo.Probe.MostWithin($"{_key} working"));
    }
}

public interface ITwoWorkersGrain : IGrainWithStringKey
{
    Task<Guid> Work();
}

[StatelessWorker(maxLocalWorkers: 2)]
internal sealed class TwoWorkersGrain(Probe probe) : Grain, ITwoWorkersGrain
{
    private readonly Guid _me = Guid.NewGuid();

    public async Task<Guid> Work()
    {
        var key = this.GetPrimaryKeyString();
        await probe.Within($"{key} working", () => probe.Reached($"{key} go on"));
        return _me;
    }
}

using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

[Collection(SystemClockSilo.Name)]
public sealed class CallTimeoutTests(SystemClockFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    private ISlowGrain Grain => silo.Grains.GetGrain<ISlowGrain>(_key);

    [Fact]
    public async Task A_caller_stops_waiting_and_the_grain_goes_on()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Grain.Hold());
        Assert.False(silo.Probe.Has($"{_key} done"));

        silo.Probe.Set($"{_key} go on");
        await silo.Probe.Reached($"{_key} done");
    }

    [Fact]
    public async Task A_request_that_timed_out_while_it_waited_never_runs()
    {
        var running = Grain.HoldLonger();
        await silo.Probe.Reached($"{_key} holding");
        await Assert.ThrowsAsync<TimeoutException>(() => Grain.Note());

        silo.Probe.Set($"{_key} go on");
        await running;
        await Grain.Ping();

        Assert.False(silo.Probe.Has($"{_key} noted"));
    }

    [Fact]
    public async Task The_token_of_the_grain_is_not_cancelled_by_a_timeout()
    {
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAsync<TimeoutException>(() => Grain.HoldWithToken(cancellation.Token));

        var token = await silo.Probe.Shown<CancellationToken>($"{_key} token");
        Assert.False(token.IsCancellationRequested);
        silo.Probe.Set($"{_key} go on");
    }
}

public interface ISlowGrain : IGrainWithStringKey
{
    [ResponseTimeout("00:00:01")]
    Task Hold();

    [ResponseTimeout("00:00:01")]
    Task HoldWithToken(CancellationToken cancellationToken);

    Task HoldLonger();

    [ResponseTimeout("00:00:01")]
    Task Note();

    Task Ping();
}

internal sealed class SlowGrain(Probe probe) : Grain, ISlowGrain
{
    private string Key => this.GetPrimaryKeyString();

    public Task Hold() => HoldLonger();

    public Task HoldWithToken(CancellationToken cancellationToken)
    {
        probe.Show($"{Key} token", cancellationToken);
        return HoldLonger();
    }

    public async Task HoldLonger()
    {
        probe.Set($"{Key} holding");
        await probe.Reached($"{Key} go on");
        probe.Set($"{Key} done");
    }

    public Task Note()
    {
        probe.Set($"{Key} noted");
        return Task.CompletedTask;
    }

    public Task Ping() => Task.CompletedTask;
}

using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

[Collection(SystemClockSilo.Name)]
public sealed class ActivationFailureTests(SystemClockFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    [Fact]
    public async Task The_calls_that_wait_get_the_exception_of_on_activate_and_the_next_call_tries_again()
    {
        var grain = silo.Grains.GetGrain<IFragileGrain>(_key);

        var first = grain.Ping();
        await silo.Probe.Reached($"{_key} activating");
        var second = grain.Ping();
        silo.Probe.Set($"{_key} go on");

        foreach (var call in new[] { first, second })
        {
            var exception = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => call);
            Assert.Equal("no activation before its time", exception.Message);
        }

        await grain.Ping();
        Assert.Equal(2, silo.Probe.CountOf($"{_key} activations"));
    }

    [Fact]
    public async Task A_call_gets_the_exception_of_the_constructor_inside_another_and_the_next_call_tries_again()
    {
        var grain = silo.Grains.GetGrain<IUnconstructedGrain>(_key);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.Ping());
        Assert.IsType<InvalidTimeZoneException>(exception.InnerException);
        await grain.Ping();
    }

    [Fact]
    public async Task On_deactivate_does_not_run_for_an_activation_that_failed()
    {
        var grain = silo.Grains.GetGrain<IFragileGrain>(_key);

        silo.Probe.Set($"{_key} go on");
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => grain.Ping());
        await grain.Ping();

        Assert.False(silo.Probe.Has($"{_key} deactivated"));
    }
}

public interface IFragileGrain : IGrainWithStringKey
{
    Task Ping();
}

public interface IUnconstructedGrain : IGrainWithStringKey
{
    Task Ping();
}

internal sealed class FragileGrain(Probe probe) : Grain, IFragileGrain
{
    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        probe.Set($"{Key} activating");
        await probe.Reached($"{Key} go on");
        if (probe.Count($"{Key} activations") == 1)
        {
            throw new InvalidTimeZoneException("no activation before its time");
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Set($"{Key} deactivated");
        return Task.CompletedTask;
    }

    public Task Ping() => Task.CompletedTask;
}

internal sealed class UnconstructedGrain : Grain, IUnconstructedGrain
{
    public UnconstructedGrain(Probe probe)
    {
        if (probe.Count($"{this.GetPrimaryKeyString()} constructions") == 1)
        {
            throw new InvalidTimeZoneException("no construction before its time");
        }
    }

    public Task Ping() => Task.CompletedTask;
}

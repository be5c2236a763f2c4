using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class DeactivationTests(SiloFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    private IShortLivedGrain Grain => silo.Grains.GetGrain<IShortLivedGrain>(_key);

    [Fact]
    public async Task Deactivate_on_idle_lets_the_running_request_end()
    {
        var before = await Grain.Me();
        var running = Grain.DeactivateAndHold();
        await silo.Probe.Reached($"{_key} deactivating");

        silo.Probe.Set($"{_key} go on");

        Assert.Equal(before, await running);
        await silo.Probe.Reached($"{_key} deactivated");
    }

    [Fact]
    public async Task Requests_that_wait_meanwhile_are_answered_by_a_new_activation()
    {
        var running = Grain.DeactivateAndHold();
        await silo.Probe.Reached($"{_key} deactivating");

        var waiting = Grain.Me();
        silo.Probe.Set($"{_key} go on");

        Assert.NotEqual(await running, await waiting);
    }

    [Fact]
    public async Task On_deactivate_runs_once_with_the_reason()
    {
        await Grain.Deactivate();

        var reason = await silo.Probe.Shown<DeactivationReason>($"{_key} deactivated");

        Assert.Equal(DeactivationReasonCode.ApplicationRequested, reason.ReasonCode);
        await Grain.Me();
        Assert.Equal(1, silo.Probe.CountOf($"{_key} deactivations"));
    }

    [Fact]
    public async Task A_call_made_while_on_deactivate_runs_is_answered_by_a_new_activation()
    {
        var before = await Grain.Me();
        await Grain.DeactivateSlowly();
        await silo.Probe.Reached($"{_key} slowly deactivating");

        var after = Grain.Me();
        silo.Probe.Set($"{_key} finish deactivating");

        Assert.NotEqual(before, await after);
    }

    [Fact]
    public async Task An_exception_in_on_deactivate_does_not_keep_the_grain_from_being_activated_again()
    {
        var before = await Grain.Me();
        await Grain.DeactivateBadly();

        await silo.Probe.Reached($"{_key} deactivated");

        Assert.NotEqual(before, await Grain.Me());
    }

    [Fact]
    public async Task A_deactivated_grain_is_disposed_of()
    {
        await Grain.Deactivate();

        await silo.Probe.Reached($"{_key} disposed");
    }
}

public interface IShortLivedGrain : IGrainWithStringKey
{
    Task<Guid> Me();

    Task<Guid> DeactivateAndHold();

    Task Deactivate();

    Task DeactivateSlowly();

    Task DeactivateBadly();
}

internal sealed class ShortLivedGrain(Probe probe) : Grain, IShortLivedGrain, IDisposable
{
    private readonly Guid _me = Guid.NewGuid();
    private bool _slowly;
    private bool _badly;

    private string Key => this.GetPrimaryKeyString();

    public Task<Guid> Me() => Task.FromResult(_me);

    public async Task<Guid> DeactivateAndHold()
    {
        DeactivateOnIdle();
        probe.Set($"{Key} deactivating");
        await probe.Reached($"{Key} go on");
        return _me;
    }

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task DeactivateSlowly()
    {
        _slowly = true;
        return Deactivate();
    }

    public Task DeactivateBadly()
    {
        _badly = true;
        return Deactivate();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_slowly)
        {
            probe.Set($"{Key} slowly deactivating");
            await probe.Reached($"{Key} finish deactivating");
        }

        probe.Count($"{Key} deactivations");
        probe.Show($"{Key} deactivated", reason);
        if (_badly)
        {
            throw new InvalidOperationException("deactivating fails");
        }
    }

    public void Dispose() => probe.Set($"{Key} disposed");
}

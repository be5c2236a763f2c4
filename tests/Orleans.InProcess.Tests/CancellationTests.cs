using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class CancellationTests(SiloFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    private ICancellableGrain Grain => silo.Grains.GetGrain<ICancellableGrain>(_key);

    [Fact]
    public async Task Cancelling_the_callers_token_cancels_the_token_of_the_grain()
    {
        using var cancellation = new CancellationTokenSource();
        var call = Grain.WaitForCancellation(cancellation.Token);
        await silo.Probe.Reached($"{_key} waiting");

        await cancellation.CancelAsync();

        await silo.Probe.Reached($"{_key} cancelled");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task What_the_grain_registered_on_its_token_runs_in_a_turn_of_the_grain()
    {
        using var cancellation = new CancellationTokenSource();
        var call = Grain.RegisterAndWait(cancellation.Token);
        await silo.Probe.Reached($"{_key} waiting");

        await cancellation.CancelAsync();

        Assert.True(await silo.Probe.Shown<bool>($"{_key} in its turn"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_call_whose_token_is_cancelled_beforehand_never_reaches_the_grain()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Grain.WaitForCancellation(new CancellationToken(canceled: true)));

        await Grain.Ping(default);
        Assert.False(silo.Probe.Has($"{_key} waiting"));
    }

    [Fact]
    public async Task A_call_that_ends_before_it_is_cancelled_is_not_touched()
    {
        using var cancellation = new CancellationTokenSource();

        await Grain.Ping(cancellation.Token);
        await cancellation.CancelAsync();

        await Grain.Ping(default);
    }
}

public interface ICancellableGrain : IGrainWithStringKey
{
    Task WaitForCancellation(CancellationToken cancellationToken);

    Task RegisterAndWait(CancellationToken cancellationToken);

    Task Ping(CancellationToken cancellationToken);
}

internal sealed class CancellableGrain(Probe probe) : Grain, ICancellableGrain
{
    private string Key => this.GetPrimaryKeyString();

    public async Task WaitForCancellation(CancellationToken cancellationToken)
    {
        probe.Set($"{Key} waiting");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            probe.Set($"{Key} cancelled");
            throw;
        }
    }

    public async Task RegisterAndWait(CancellationToken cancellationToken)
    {
        var mine = TaskScheduler.Current;
        var cancelled = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(() =>
        {
            probe.Show($"{Key} in its turn", TaskScheduler.Current == mine);
            cancelled.TrySetCanceled();
        });
        probe.Set($"{Key} waiting");
        await cancelled.Task;
    }

    public Task Ping(CancellationToken cancellationToken) => Task.CompletedTask;
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Wuts.Grains.Devices;
using Wuts.Grains.Messages;
using Wuts.Grains.Webhooks;
using Wuts.Storage;

namespace Wuts.Grains.Hosting;

/// <summary>
/// At start, every minute, and as soon as a silo has come or gone: wakes each device that has something to send or should be linked,
/// each endpoint that is behind, and has overdue messages flagged. So nothing that is stored waits for a call that never comes, and
/// what a dead silo left goes on elsewhere. In a cluster each silo does its share.
/// </summary>
internal sealed partial class Sweep(
    IMessageStore messages,
    IDeviceStore devices,
    IWebhookStore webhooks,
    IGrainFactory grains,
    ISweepShare share,
    TimeProvider clock,
    IOptions<SendingOptions> options,
    ILogger<Sweep> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);
    private const int Concurrency = 32;
    private const int OverduePage = 500;

    private readonly CancellationTokenSource _stopping = new();
    private Task _sweeping = Task.CompletedTask;
    private volatile bool _changed;
    private volatile Waiter<bool>? _waiting;

    // Not a BackgroundService: that one starts on the thread pool, wherever the host is started.
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sweeping = SweepAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
#pragma warning disable CA1849 // CancelAsync goes through the thread pool
        _stopping.Cancel();
#pragma warning restore CA1849
        await _sweeping.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        share.Changed -= HearOfChange;
        _stopping.Dispose();
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await Task.Yield(); // the host goes on to start
        share.Changed += HearOfChange;
        var pause = AfterFailure;
        while (!cancellationToken.IsCancellationRequested)
        {
            pause = _changed ? AfterFailure : pause; // what failed for long must not hold up what has just lost its silo
            _changed = false; // before the run, so that no change falls between two
            var worked = await TryRunAsync(cancellationToken);
            await WaitAsync(worked ? Interval : pause, cancellationToken);
            pause = worked ? AfterFailure : pause * 2 < Interval ? pause * 2 : Interval; // what never wakes must not keep us busy
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var waiter = new Waiter<bool>(clock, pause, false, cancellationToken);
        _waiting = waiter;
        if (_changed)
        {
            waiter.Complete(true);
        }

        await waiter.Task;
    }

    private void HearOfChange()
    {
        _changed = true;
        _waiting?.Complete(true);
    }

    /// <returns>Whether all of it worked. A grain whose silo has just died is found elsewhere a moment later.</returns>
    private async Task<bool> TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, e);
            return false;
        }
    }

    private async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var waiting = await messages.ListDevicesWithUnsentAsync(cancellationToken);
        var wanted = await devices.ListWantedAsync(cancellationToken);
        var awake = await EachAsync(waiting.Union(wanted), d => d.ToString(), device => grains.GetGrain<IDeviceGrain>(device).Wake(), cancellationToken);

        var now = clock.GetUtcNow();
        var behind = await webhooks.ListBehindAsync(now, cancellationToken);
        awake &= await EachAsync(behind, e => e.ToString(), endpoint => grains.GetGrain<IWebhookEndpointGrain>(endpoint).Wake(), cancellationToken);

        var overdue = await messages.ListOverdueAsync(now - options.Value.OverdueAfter, OverduePage, cancellationToken);
        awake &= await EachAsync(
            overdue, m => MessageKey.Of(m.TenantId, m.MessageId), message => grains.GetGrain<IMessageGrain>(message).FlagOverdue(), cancellationToken);
        Log.Done(logger, waiting.Length, wanted.Length, behind.Length, overdue.Length);
        return awake;
    }

    // One grain that fails must not keep the others asleep.
    private async Task<bool> EachAsync<T>(IEnumerable<T> items, Func<T, string> key, Func<string, Task> wake, CancellationToken cancellationToken)
    {
        var failed = 0;
        await Parallel.ForEachAsync(
            items.Select(key).Where(share.Includes),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken, TaskScheduler = TaskScheduler.Current },
            async (item, _) =>
            {
                try
                {
                    await wake(item);
                }
                catch (Exception e)
                {
                    Log.NotWoken(logger, e, item);
                    Interlocked.Increment(ref failed);
                }
            });
        return failed == 0;
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Debug, "Sweep: {Waiting} devices with unsent messages, {Wanted} to be linked, {Behind} endpoints behind, {Overdue} messages overdue")]
        public static partial void Done(ILogger logger, int waiting, int wanted, int behind, int overdue);

        [LoggerMessage(2102, LogLevel.Error, "The sweep failed and is tried again shortly")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2103, LogLevel.Warning, "The sweep could not wake {Item}; it is tried again shortly")]
        public static partial void NotWoken(ILogger logger, Exception exception, string item);
    }
}

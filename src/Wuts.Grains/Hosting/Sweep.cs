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
/// At start and every minute: wakes each device that has something to send or should be linked, each endpoint that is behind,
/// and has overdue messages flagged. So nothing that is stored waits for a call that never comes.
/// </summary>
internal sealed partial class Sweep(
    IMessageStore messages,
    IDeviceStore devices,
    IWebhookStore webhooks,
    IGrainFactory grains,
    TimeProvider clock,
    IOptions<SendingOptions> options,
    ILogger<Sweep> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private const int Concurrency = 32;
    private const int OverduePage = 500;

    private readonly CancellationTokenSource _stopping = new();
    private Task _sweeping = Task.CompletedTask;

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

    public void Dispose() => _stopping.Dispose();

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await Task.Yield(); // the host goes on to start
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await RunAsync(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var waiting = await messages.ListDevicesWithUnsentAsync(cancellationToken);
        var wanted = await devices.ListWantedAsync(cancellationToken);
        await Each(waiting.Union(wanted), device => grains.GetGrain<IDeviceGrain>(device.ToString()).Wake(), cancellationToken);

        var now = clock.GetUtcNow();
        var behind = await webhooks.ListBehindAsync(now, cancellationToken);
        await Each(behind, endpoint => grains.GetGrain<IWebhookEndpointGrain>(endpoint.ToString()).Wake(), cancellationToken);

        var overdue = await messages.ListOverdueAsync(now - options.Value.OverdueAfter, OverduePage, cancellationToken);
        await Each(overdue, m => grains.GetGrain<IMessageGrain>(MessageKey.Of(m.TenantId, m.MessageId)).FlagOverdue(), cancellationToken);
        Log.Done(logger, waiting.Length, wanted.Length, behind.Length, overdue.Length);
    }

    // One grain that fails must not keep the others asleep.
    private Task Each<T>(IEnumerable<T> items, Func<T, Task> wake, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        items,
        new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken, TaskScheduler = TaskScheduler.Current },
        async (item, _) =>
        {
            try
            {
                await wake(item);
            }
            catch (Exception e)
            {
                Log.NotWoken(logger, e, item?.ToString());
            }
        });

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Debug, "Sweep: {Waiting} devices with unsent messages, {Wanted} to be linked, {Behind} endpoints behind, {Overdue} messages overdue")]
        public static partial void Done(ILogger logger, int waiting, int wanted, int behind, int overdue);

        [LoggerMessage(2102, LogLevel.Error, "The sweep failed and is tried again in a minute")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2103, LogLevel.Warning, "The sweep could not wake {Item}")]
        public static partial void NotWoken(ILogger logger, Exception exception, string? item);
    }
}

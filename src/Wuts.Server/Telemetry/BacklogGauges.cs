using System.Diagnostics.Metrics;
using Wuts.Storage;

namespace Wuts.Server.Telemetry;

/// <summary>
/// What waits in the database, read every few seconds. Every process with storage says the same, so take the largest of them, never the
/// sum. While the database does not answer, ages go on to grow from what was read last.
/// </summary>
internal sealed partial class BacklogGauges : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly IBacklogStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<BacklogGauges> _logger;
    private Backlog _backlog = new(null, 0, 0, 0, null, 0);

    public BacklogGauges(IBacklogStore store, IMeterFactory meters, TimeProvider clock, ILogger<BacklogGauges> logger)
    {
        (_store, _clock, _logger) = (store, clock, logger);
        var meter = meters.Create(ExportedMetrics.Own);
        meter.CreateObservableGauge(
            "wuts.backlog.age", () => AgeOf(_backlog.OldestUnsent), "s", "For how long the oldest message that has not left has been due, whatever keeps it.");
        meter.CreateObservableGauge(
            "wuts.backlog.overdue", () => _backlog.Overdue, "{message}", "Messages that were sent and have no receipt, after their deadline.");
        meter.CreateObservableGauge(
            "wuts.backlog.uncertain", () => _backlog.Uncertain, "{message}", "Messages of which nobody will find out by itself whether they left.");
        meter.CreateObservableGauge(
            "wuts.webhook.lag", () => AgeOf(_backlog.OldestWebhookEvent), "s", "Age of the oldest webhook event that was not tried yet.");
        meter.CreateObservableGauge("wuts.webhook.waiting", () => _backlog.WebhookEvents, "{event}", "Webhook events that were not tried yet.");
        meter.CreateObservableGauge(
            "wuts.webhook.retrying", () => _backlog.WebhookRetries, "{event}", "Webhook events that failed and are tried again later.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        do
        {
            try
            {
                _backlog = await _store.ReadAsync(_clock.GetUtcNow(), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotRead(_logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private double AgeOf(DateTimeOffset? since) => since is { } time ? Math.Max(0, (_clock.GetUtcNow() - time).TotalSeconds) : 0;

    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Warning, "The backlog could not be read for the metrics; the next try is in a few seconds")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}

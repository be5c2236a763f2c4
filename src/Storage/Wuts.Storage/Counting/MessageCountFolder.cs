using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wuts.Storage.Sql;

namespace Wuts.Storage.Counting;

/// <summary>Folds what the flushes counted into <c>message_counts</c>, every few seconds. Any number of processes may do so at once.</summary>
internal sealed partial class MessageCountFolder(SqlDatabase database, TimeProvider clock, ILogger<MessageCountFolder> logger) : BackgroundService
{
    private const int FlushesPerFold = 100; // on SQLite messages wait for it: these take 3 ms
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    /// <summary>Folds all there is.</summary>
    public async Task FoldAsync(CancellationToken cancellationToken)
    {
        long folded;
        do
        {
            var counts = await database.WriteAsync(
                database.Dialect.FoldCounts, [("limit", FlushesPerFold)], static row => row.Long(0), cancellationToken);
            folded = counts[0];
        }
        while (folded == FlushesPerFold);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FoldAsync(stoppingToken);
            }
#pragma warning disable CA1031 // What was not folded now is folded the next time; counting must never end.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                Log.FoldFailed(logger, exception);
            }
        }
    }
}

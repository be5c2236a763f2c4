using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Wuts.Storage;

namespace Wuts.Api.Calls;

/// <summary>
/// Repeats a call while the cluster or its storage is away for a moment: a silo that died, a database that fails over. Only for
/// calls that may be repeated.
/// </summary>
internal sealed partial class RepeatedCalls(TimeProvider clock, IOptions<RepeatOptions> options, ILogger<RepeatedCalls> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Whether this says that something was away, and nothing of the call's outcome.</summary>
    public static bool IsOutage(Exception e) => e is StorageUnavailableException or TimeoutException or OrleansException;

    /// <summary>Calls until there is an answer or the time for repeats is over; then the last exception gets through.</summary>
    public async Task<T> RepeatAsync<T>(Func<Task<T>> call)
    {
        long? firstFailure = null;
        var pause = FirstPause;
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (IsOutage(e) && IsWorthRepeating(ref firstFailure))
            {
                Log.Repeating(logger, e);
            }

            await Task.Delay(pause, clock);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // The time counts from the first failure: a call that took long to fail still gets its repeat.
    private bool IsWorthRepeating(ref long? firstFailure)
    {
        firstFailure ??= clock.GetTimestamp();
        return clock.GetElapsedTime(firstFailure.Value) < options.Value.Budget;
    }

    private static partial class Log
    {
        [LoggerMessage(8010, LogLevel.Warning, "A call to the cluster failed and is repeated")]
        public static partial void Repeating(ILogger logger, Exception exception);
    }
}

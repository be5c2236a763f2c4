using Wuts.Domain.Delivery;

namespace Wuts.Domain.Sending;

/// <summary>When a refused send is tried again: exponential backoff with full jitter, a cap and a limit of attempts.</summary>
/// <param name="MaxAttempts">Attempts in all, the first included.</param>
/// <param name="Base">The longest wait after the first attempt; it doubles with each.</param>
/// <param name="Cap">No wait is longer, unless the network asks for it.</param>
public sealed record RetryPolicy(int MaxAttempts, TimeSpan Base, TimeSpan Cap)
{
    /// <summary>The outcome of a definite refusal after <paramref name="attempt"/> attempts.</summary>
    /// <param name="jitter">0 to 1, chosen by the caller.</param>
    /// <param name="retryAfter">What the network asked for; the wait is never shorter.</param>
    public DispatchOutcome Decide(Failure failure, int attempt, DateTimeOffset now, double jitter, TimeSpan? retryAfter)
    {
        if (!failure.Retryable || attempt >= MaxAttempts)
        {
            return new DispatchOutcome.Failed(failure);
        }

        var ceiling = Math.Min(Base.Ticks * Math.Pow(2, attempt - 1), Cap.Ticks);
        var wait = TimeSpan.FromTicks((long)(ceiling * jitter));
        return new DispatchOutcome.Retry(failure, now + (retryAfter > wait ? retryAfter.Value : wait));
    }
}

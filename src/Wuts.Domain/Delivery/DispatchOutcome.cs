using Orleans;

namespace Wuts.Domain.Delivery;

/// <summary>How one attempt to hand a message to the network ended, as its device decided.</summary>
[GenerateSerializer, Immutable, Alias("wuts.dispatch-outcome")]
public abstract record DispatchOutcome
{
    private DispatchOutcome()
    {
    }

    /// <summary>The network took it.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.dispatch-outcome.accepted")]
    public sealed record Accepted([property: Id(0)] string ProviderId, [property: Id(1)] DateTimeOffset At) : DispatchOutcome;

    /// <summary>It surely did not leave, and may be tried again from <paramref name="NotBefore"/>; <paramref name="Hold"/> says what it waits for.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.dispatch-outcome.retry")]
    public sealed record Retry(
        [property: Id(0)] Failure Failure,
        [property: Id(1)] DateTimeOffset NotBefore,
        [property: Id(2)] HoldReason Hold = HoldReason.Retry) : DispatchOutcome;

    /// <summary>It surely did not leave, and will not.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.dispatch-outcome.failed")]
    public sealed record Failed([property: Id(0)] Failure Failure) : DispatchOutcome;

    /// <summary>It may have left: the answer did not come, or we crashed before noting it.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.dispatch-outcome.unknown")]
    public sealed record Unknown([property: Id(0)] string Reason) : DispatchOutcome;

    /// <summary>Evidence after <see cref="Unknown"/>: the network never saw its id, so it may be sent.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.dispatch-outcome.not-taken")]
    public sealed record NotTaken : DispatchOutcome;

    /// <summary>No evidence after <see cref="Unknown"/> for as long as the device waits: it leaves the queue as uncertain.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.dispatch-outcome.left-uncertain")]
    public sealed record LeftUncertain : DispatchOutcome;
}

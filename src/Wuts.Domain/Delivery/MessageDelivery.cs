using Orleans;

namespace Wuts.Domain.Delivery;

/// <summary>What a network can tell of a message that it was given.</summary>
public enum DeliveryStage
{
    Sent,
    Failed,
    Delivered,
    Read,
    Played,
}

/// <summary>Something a transport told us about one message.</summary>
/// <param name="Failure">Set exactly when <paramref name="Stage"/> is <see cref="DeliveryStage.Failed"/>.</param>
[GenerateSerializer, Immutable, Alias("wuts.delivery-event")]
public sealed record DeliveryEvent(
    [property: Id(0)] DeliveryStage Stage,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] Failure? Failure = null);

/// <summary>
/// The evidence of one message's delivery: the first time of each stage. Providers repeat receipts and send them late and out
/// of order, so this is a join: any order of the same events, each any number of times, ends in the same value.
/// </summary>
[GenerateSerializer, Immutable, Alias("wuts.message-delivery")]
public sealed record MessageDelivery
{
    public static MessageDelivery None { get; } = new();

    [Id(0)] public DateTimeOffset? SentAt { get; init; }

    [Id(1)] public DateTimeOffset? FailedAt { get; init; }

    [Id(2)] public Failure? Failure { get; init; }

    [Id(3)] public DateTimeOffset? DeliveredAt { get; init; }

    [Id(4)] public DateTimeOffset? ReadAt { get; init; }

    [Id(5)] public DateTimeOffset? PlayedAt { get; init; }

    /// <summary>The strongest proof there is, or <c>null</c> while the network has said nothing.</summary>
    public MessageState? State =>
        PlayedAt is not null ? MessageState.Played
        : ReadAt is not null ? MessageState.Read
        : DeliveredAt is not null ? MessageState.Delivered
        : FailedAt is not null ? MessageState.Failed
        : SentAt is not null ? MessageState.Sent
        : null;

    /// <summary>The first time of a stage; <c>null</c> while it was not reached.</summary>
    public DateTimeOffset? At(DeliveryStage stage) => stage switch
    {
        DeliveryStage.Sent => SentAt,
        DeliveryStage.Failed => FailedAt,
        DeliveryStage.Delivered => DeliveredAt,
        DeliveryStage.Read => ReadAt,
        DeliveryStage.Played => PlayedAt,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
    };

    /// <summary>Returns the evidence with this event in it, or <c>this</c> when the event brings no news.</summary>
    public MessageDelivery Apply(DeliveryEvent @event)
    {
        if (@event.Stage == DeliveryStage.Failed)
        {
            return Apply(@event.At, @event.Failure);
        }

        if (At(@event.Stage) <= @event.At)
        {
            return this;
        }

        return @event.Stage switch
        {
            DeliveryStage.Sent => this with { SentAt = @event.At },
            DeliveryStage.Delivered => this with { DeliveredAt = @event.At },
            DeliveryStage.Read => this with { ReadAt = @event.At },
            _ => this with { PlayedAt = @event.At },
        };
    }

    // Two failures at the same instant are told apart by what they say, so that the order of arrival never decides.
    private MessageDelivery Apply(DateTimeOffset at, Failure? failure)
    {
        var order = FailedAt is { } known ? at.CompareTo(known) : -1;
        if (order == 0)
        {
            order = string.CompareOrdinal(failure?.ToString(), Failure?.ToString());
        }

        return order < 0 ? this with { FailedAt = at, Failure = failure } : this;
    }
}

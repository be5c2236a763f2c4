using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Quotas;
using Wuts.Domain.Sending;

namespace Wuts.Grains.Devices;

/// <summary>A validated request to send one message.</summary>
[GenerateSerializer, Immutable, Alias("wuts.send-command")]
public sealed record SendCommand
{
    /// <summary>See <see cref="Domain.Sending.MessageId"/>; the same in each repetition of the request.</summary>
    [Id(0)] public required string MessageId { get; init; }

    [Id(1)] public required string UserId { get; init; }

    /// <summary>Whether the caller may use devices of other users of its tenant.</summary>
    [Id(2)] public required bool AnyDevice { get; init; }

    [Id(3)] public required string ChatJid { get; init; }

    [Id(4)] public required MessageContent Content { get; init; }

    /// <summary>Digest of what the client sent.</summary>
    [Id(5)] public required string Fingerprint { get; init; }

    /// <summary>Wait between acceptance and dispatch.</summary>
    [Id(6)] public required TimeSpan Delay { get; init; }

    [Id(7)] public required TimeSpan Typing { get; init; }

    /// <summary>How long this call may hold its answer for the dispatch; zero answers at acceptance.</summary>
    [Id(8)] public required TimeSpan Hold { get; init; }

    /// <summary>How long the client can be kept waiting in all. A departure estimated later than this is not waited for.</summary>
    [Id(9)] public required TimeSpan Patience { get; init; }

    /// <summary>Accept also while the device is paired but not linked, to wait for it.</summary>
    [Id(10)] public required bool QueueWhenNotReady { get; init; }

    [Id(11)] public Category Category { get; init; }
}

/// <summary>The answer to a <see cref="SendCommand"/>.</summary>
[GenerateSerializer, Immutable, Alias("wuts.send-answer")]
public abstract record SendAnswer
{
    private SendAnswer()
    {
    }

    /// <summary>How the tenant's quotas stand; <c>null</c> when its sends do not count, or nobody could say.</summary>
    [Id(0)] public QuotaSnapshot? Quota { get; init; }

    /// <summary>The message is durable. It may be rejected already, for want of consent: then it never leaves.</summary>
    /// <param name="Message">As it is now.</param>
    /// <param name="DepartureAt">About when it will have left, if it has not.</param>
    /// <param name="WorthWaiting">Whether it may leave within the client's patience.</param>
    [GenerateSerializer, Immutable, Alias("wuts.send-answer.accepted")]
    public sealed record Accepted(
        [property: Id(0)] Message Message,
        [property: Id(1)] DateTimeOffset DepartureAt,
        [property: Id(2)] bool WorthWaiting) : SendAnswer;

    /// <summary>Nothing was accepted: there is no live session.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.send-answer.not-ready")]
    public sealed record NotReady(
        [property: Id(0)] DeviceState State,
        [property: Id(1)] string? Reason,
        [property: Id(2)] TimeSpan RetryAfter) : SendAnswer;

    /// <summary>Nothing was accepted: as many messages wait as the device may have.</summary>
    /// <param name="Waiting">How many that are.</param>
    [GenerateSerializer, Immutable, Alias("wuts.send-answer.queue-full")]
    public sealed record QueueFull([property: Id(0)] int Waiting) : SendAnswer;

    /// <summary>Nothing was accepted: the tenant has used up a quota.</summary>
    /// <param name="Violated">The names of the quotas, the one that takes longest first.</param>
    /// <param name="RetryAfter">When there is more of all of them, if nobody else takes it.</param>
    [GenerateSerializer, Immutable, Alias("wuts.send-answer.quota-exceeded")]
    public sealed record QuotaExceeded([property: Id(0)] ImmutableArray<string> Violated, [property: Id(1)] TimeSpan RetryAfter) : SendAnswer;

    /// <summary>Nothing was accepted: the id belongs to a message with another payload.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.send-answer.key-reused")]
    public sealed record KeyReused : SendAnswer;

    /// <summary>There is no such device, or the caller may not know of it.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.send-answer.no-such-device")]
    public sealed record NoSuchDevice : SendAnswer;
}

using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Wuts.Domain.Delivery;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;

namespace Wuts.Grains.Messages;

/// <summary>
/// One message: the only writer of its row. It lives in memory while something happens to it and is dropped soon after.
/// Key: <c>{tenant}/{message id}</c>.
/// </summary>
/// <remarks>
/// A call that throws says nothing of its outcome. All of them may be repeated: the second finds what the first has stored.
/// </remarks>
[Alias("wuts.message-grain")]
public interface IMessageGrain : IGrainWithStringKey
{
    /// <summary>Stores a new message. From when this returns <see cref="AcceptOutcome.Accepted"/>, it is never lost.</summary>
    /// <param name="claim">Claim it in the same write, for a device that is idle and ready.</param>
    [Alias("accept")]
    Task<AcceptOutcome> Accept(MessageEnvelope envelope, long epoch, bool claim);

    /// <summary>Takes the right to hand it to the network, once per attempt.</summary>
    /// <param name="attempt">The attempt this claim is for; repeating a claim that was stored but not answered gives it again.</param>
    [Alias("claim")]
    Task<ClaimOutcome> Claim(long epoch, int attempt);

    /// <summary>
    /// Puts a queued message off, or lets one go that was. Returns it as it is then; <c>null</c> when the epoch is not the device's
    /// current one.
    /// </summary>
    /// <param name="reason">Why; <c>null</c> to let it go.</param>
    /// <param name="contact">Its recipient as a contact of the number, where that changes with it.</param>
    [Alias("hold")]
    Task<Message?> Hold(long epoch, DateTimeOffset notBefore, HoldReason? reason, Contact? contact);

    /// <summary>Notes how a claimed attempt ended. Returns the message as it is then; evidence that came before outweighs the outcome.</summary>
    [Alias("record")]
    Task<Message> Record(long epoch, int attempt, DispatchOutcome outcome);

    /// <summary>Takes in what the network says of it, in any order and any number of times. <c>null</c> if there is no such message.</summary>
    [Alias("apply")]
    Task<Message?> Apply(ImmutableArray<DeliveryEvent> events);

    /// <summary>Gives up a message that has not left, because its device is gone.</summary>
    [Alias("abandon")]
    Task Abandon(Failure failure);

    /// <summary>
    /// Rejects it, if it is queued, because its recipient may not be written to. Returns it as it is then; <c>null</c> if there is no such
    /// message.
    /// </summary>
    [Alias("reject-unconsented")]
    Task<Message?> RejectUnconsented(Failure failure);

    /// <summary>Flags it if its receipt is overdue by now.</summary>
    [Alias("flag-overdue")]
    Task FlagOverdue();

    /// <summary>
    /// Waits until its dispatch has ended one way or the other, or until <paramref name="timeout"/>. Returns it as it is then;
    /// <c>null</c> if there is no such message. Keep the timeout below that of grain calls, and ask again. An outcome that a receipt
    /// overtook is waited for too, for a few seconds at most, so that all who ask are told the same.
    /// </summary>
    [AlwaysInterleave, Alias("wait-until-dispatched")]
    Task<Message?> WaitUntilDispatched(TimeSpan timeout, CancellationToken cancellationToken = default);
}

/// <summary>What became of an acceptance.</summary>
[GenerateSerializer, Immutable, Alias("wuts.accept-outcome")]
public abstract record AcceptOutcome
{
    private AcceptOutcome()
    {
    }

    /// <summary>It is stored: to be sent or, if its recipient may not be written to, as rejected.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.accept-outcome.accepted")]
    public sealed record Accepted([property: Id(0)] Message Message) : AcceptOutcome;

    /// <summary>It was accepted before, with the same payload.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.accept-outcome.repeated")]
    public sealed record Repeated([property: Id(0)] Message Message) : AcceptOutcome;

    /// <summary>Another payload was accepted under this id.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.accept-outcome.key-reused")]
    public sealed record KeyReused : AcceptOutcome;

    /// <summary>The epoch is not the device's current one: another activation has taken over.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.accept-outcome.fenced")]
    public sealed record Fenced : AcceptOutcome;

    /// <summary>The tenant counts its use anew since it admitted it, or else the epoch is not the device's current one.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.accept-outcome.lapsed")]
    public sealed record Lapsed : AcceptOutcome;
}

/// <summary>What became of a claim.</summary>
[GenerateSerializer, Immutable, Alias("wuts.claim-outcome")]
public abstract record ClaimOutcome
{
    private ClaimOutcome()
    {
    }

    /// <summary>Hand it over now, once.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.claim-outcome.claimed")]
    public sealed record Claimed([property: Id(0)] Message Message) : ClaimOutcome;

    /// <summary>It must not be handed over: it is not queued any more, or not due, or was rejected because its recipient may not be written to.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.claim-outcome.refused")]
    public sealed record Refused([property: Id(0)] Message? Message) : ClaimOutcome;

    /// <summary>The epoch is not the device's current one: another activation has taken over.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.claim-outcome.fenced")]
    public sealed record Fenced : ClaimOutcome;
}

/// <summary>Builds message grain keys.</summary>
public static class MessageKey
{
    public static string Of(string tenantId, string messageId) => $"{tenantId}/{messageId}";
}

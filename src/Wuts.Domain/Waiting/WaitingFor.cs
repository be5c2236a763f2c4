using Orleans;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Waiting;

/// <summary>What a message waits for.</summary>
/// <param name="Since">Since when it waits for that.</param>
/// <param name="Until">When that is over, as far as is known now; <c>null</c> when nobody knows.</param>
/// <param name="Sentence">The same, for people.</param>
[GenerateSerializer, Immutable, Alias("wuts.waiting-for")]
public sealed record WaitingFor(
    [property: Id(0)] WaitReason Reason,
    [property: Id(1)] DateTimeOffset Since,
    [property: Id(2)] DateTimeOffset? Until,
    [property: Id(3)] string Sentence)
{
    /// <summary>
    /// The one thing that holds it now: first what its row says, then its own time, its device, its chat, and its turn.
    /// </summary>
    /// <param name="place">Where it stands in its device's queue; <c>null</c> when it is not in it.</param>
    /// <param name="facts">What its device says; <c>null</c> when it could not be asked.</param>
    public static WaitingFor Of(WaitingMessage message, QueuePlace? place, QueueFacts? facts, DateTimeOffset now)
    {
        if (message.State == MessageState.Uncertain || facts?.Doubtful.ContainsKey(message.Id) == true)
        {
            return new(WaitReason.Uncertain, message.ChangedAt, EvidenceUntil(message.Id, facts), Sentences.Uncertain(message.Open));
        }

        // In its place again, or waiting again, it is none that is being handed over: the answer to its claim was lost.
        var waitsAgain = place is { InFlight: false, Admitted: true } || (place is { InFlight: true } && facts is { Typing: not null } or { Permit: not null });
        if (message.State == MessageState.Dispatching && !waitsAgain)
        {
            return new(WaitReason.HandedOver, message.ChangedAt, message.ChangedAt + facts?.AnswerLimit, Sentences.HandedOver);
        }

        var reason = ReasonOf(message, place, facts, now);
        var until = UntilOf(reason, message, place, facts, now);
        return new(reason, SinceOf(reason, message, place, facts), until, Sentences.Of(reason, message, place, facts, until, now));
    }

    /// <summary>What holds a message of a queue.</summary>
    internal static WaitReason ReasonOf(in QueuedState state, QueueFacts facts, DateTimeOffset now) =>
        state.InFlight ? facts.Permit is not null ? WaitReason.Permit : facts.Typing is null ? WaitReason.HandedOver : WaitReason.Typing
        : !state.Admitted ? facts.Doubtful.ContainsKey(state.Message.Id) ? WaitReason.Uncertain : WaitReason.Storing
        : state.Message.ReadyAt > now && state.Pace is null ? OfItsTime(state.Message.Hold, state.Message.Attempts > 0)
        : facts.NotReady is { } notReady ? notReady
        : facts.Draining ? WaitReason.Draining
        : !state.First ? WaitReason.ChatOrder
        : state.Pace is not null ? WaitReason.Pace
        : WaitReason.Queue;

    internal static DateTimeOffset? EvidenceUntil(string id, QueueFacts? facts) =>
        facts is { NotReady: null } && facts.Doubtful.TryGetValue(id, out var end) ? end : null;

    private static WaitReason ReasonOf(WaitingMessage message, QueuePlace? place, QueueFacts? facts, DateTimeOffset now)
    {
        if (message.ReadyAt > now && place is not { InFlight: true })
        {
            return OfItsTime(message.Hold, message.Refusal is not null);
        }

        if (facts is null)
        {
            return WaitReason.DeviceUnreachable;
        }

        if (place is null)
        {
            return facts.NotReady ?? WaitReason.PickUp;
        }

        var reason = ReasonOf(new(place.Message, place.Admitted, place.InFlight, place.Behind is null, default, place.Pace), facts, now);
        return reason is WaitReason.Delay or WaitReason.Retry ? WaitReason.Fault : reason; // its row has no reason to wait
    }

    private static WaitReason OfItsTime(HoldReason? hold, bool refused) => hold switch
    {
        HoldReason.WarmUp => WaitReason.WarmUp,
        HoldReason.Restricted => WaitReason.Restricted,
        _ => refused ? WaitReason.Retry : WaitReason.Delay,
    };

    private static DateTimeOffset SinceOf(WaitReason reason, WaitingMessage message, QueuePlace? place, QueueFacts? facts) => reason switch
    {
        WaitReason.Delay => message.AcceptedAt,
        WaitReason.Retry or WaitReason.WarmUp or WaitReason.Restricted => message.ChangedAt,
        WaitReason.Typing => facts!.Typing!.Value.Since,
        WaitReason.Permit => facts!.Permit!.Since,
        WaitReason.Pace when place!.Pace!.Since > message.ReadyAt => place.Pace.Since.Value,
        _ when reason == facts?.NotReady && facts.Session.Since > message.ReadyAt => facts.Session.Since,
        _ => message.ReadyAt,
    };

    private static DateTimeOffset? UntilOf(WaitReason reason, WaitingMessage message, QueuePlace? place, QueueFacts? facts, DateTimeOffset now) => reason switch
    {
        WaitReason.Delay or WaitReason.Retry => message.ReadyAt,
        WaitReason.WarmUp or WaitReason.Restricted => message.ReadyAt > now ? message.ReadyAt : place!.Message.ReadyAt, // put off since its row was read
        WaitReason.Fault => place!.Message.ReadyAt,
        WaitReason.Typing => facts!.Typing!.Value.Until,
        WaitReason.Permit => facts!.Permit!.Until,
        WaitReason.Pace => place!.Pace!.Until,
        WaitReason.DeviceBanned => facts!.Session.BannedUntil,
        WaitReason.ChatOrder when facts!.Doubtful.ContainsKey(place!.Behind!.Id) => EvidenceUntil(place.Behind.Id, facts),
        WaitReason.ChatOrder or WaitReason.Queue when place!.LeavesAt - place.Message.Typing > now => place.LeavesAt - place.Message.Typing,
        _ => null,
    };
}

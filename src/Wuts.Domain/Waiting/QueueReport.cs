using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Waiting;

/// <summary>What a whole queue waits for.</summary>
/// <param name="Waiting">Messages in it, the one in flight included.</param>
/// <param name="InFlight">The message that is being typed or handed over, or <c>null</c>.</param>
/// <param name="OldestAcceptedAt">When the oldest of them was accepted; <c>null</c> when none waits.</param>
/// <param name="NextDepartureAt">When the next may begin to leave; <c>null</c> when nobody knows.</param>
/// <param name="Lanes">By the lane in which their chats compete, all of them, the most urgent first.</param>
/// <param name="Categories">By their own category, all of them.</param>
/// <param name="Groups">By what they wait for, the largest first; only those that have any.</param>
[GenerateSerializer, Immutable, Alias("wuts.queue-report")]
public sealed record QueueReport(
    [property: Id(0)] int Waiting,
    [property: Id(1)] string? InFlight,
    [property: Id(2)] DateTimeOffset? OldestAcceptedAt,
    [property: Id(3)] DateTimeOffset? NextDepartureAt,
    [property: Id(4)] ImmutableArray<LaneTally> Lanes,
    [property: Id(5)] ImmutableArray<CategoryTally> Categories,
    [property: Id(6)] ImmutableArray<WaitingGroup> Groups)
{
    private static readonly ImmutableArray<WaitReason> Reasons = [.. Enum.GetValues<WaitReason>()];

    /// <summary>Goes over the queue once. The queue does not change, so this may be done anywhere.</summary>
    public static QueueReport Of(OutboundQueue queue, QueueFacts facts, DateTimeOffset now)
    {
        var lanes = new int[Enum.GetValues<Lane>().Length];
        var categories = new int[Enum.GetValues<Category>().Length];
        var groups = new Tally[Reasons.Length];
        var turns = new int[categories.Length];
        DateTimeOffset? oldest = null;
        foreach (var state in queue.All(facts.Tempo, now))
        {
            lanes[(int)state.Lane]++;
            categories[(int)state.Message.Category]++;
            oldest = oldest < state.Message.AcceptedAt ? oldest : state.Message.AcceptedAt;
            var reason = WaitingFor.ReasonOf(state, facts, now);
            groups[(int)reason].Add(reason, state, facts, now);
            turns[(int)state.Message.Category] += reason == WaitReason.Queue ? 1 : 0;
        }

        return new(
            queue.Count,
            queue.InFlight,
            oldest,
            NextDeparture(queue, facts, now),
            [.. Enum.GetValues<Lane>().Select(lane => new LaneTally(lane, lanes[(int)lane]))],
            [.. Enum.GetValues<Category>().Select(category => new CategoryTally(category, categories[(int)category]))],
            [.. Reasons.Where(reason => groups[(int)reason].Count > 0).Select(reason => groups[(int)reason].Close(reason, facts, turns, now)).OrderByDescending(g => g.Count)]);
    }

    private static DateTimeOffset? NextDeparture(OutboundQueue queue, QueueFacts facts, DateTimeOffset now) =>
        facts.NotReady is not null || facts.Draining ? null
        : queue.InFlight is not null ? facts.Permit is { } permit ? permit.Until : facts.Typing?.Until ?? now
        : facts.Tempo is { } tempo ? queue.Next(now, tempo.CategoryOpensAt) switch
        {
            NextDispatch.Now next => tempo.HoldOf(next.Message, now)?.Until ?? now,
            NextDispatch.At at => tempo.OpensAt(at.Time),
            _ => null,
        }
        : queue.Next(now) switch
        {
            NextDispatch.Now => now,
            NextDispatch.At at => at.Time,
            _ => null,
        };

    private struct Tally
    {
        private DateTimeOffset _since;
        private DateTimeOffset? _until;
        private TimeSpan _typing;

        public int Count { get; private set; }

        public void Add(WaitReason reason, in QueuedState state, QueueFacts facts, DateTimeOffset now)
        {
            var message = state.Message;
            var due = message.ReadyAt > now ? message.AcceptedAt : message.ReadyAt;
            var since = reason switch
            {
                WaitReason.Typing => facts.Typing!.Value.Since,
                WaitReason.Permit => facts.Permit!.Since,
                WaitReason.Pace when state.Pace!.Since > due => state.Pace.Since.Value,
                _ when reason == facts.NotReady && facts.Session.Since > due => facts.Session.Since,
                _ => due,
            };
            var until = reason switch
            {
                WaitReason.Delay or WaitReason.Retry or WaitReason.WarmUp or WaitReason.Restricted => message.ReadyAt,
                WaitReason.Typing => facts.Typing!.Value.Until,
                WaitReason.Permit => facts.Permit!.Until,
                WaitReason.Pace => state.Pace!.Until,
                WaitReason.DeviceBanned => facts.Session.BannedUntil,
                WaitReason.Uncertain => WaitingFor.EvidenceUntil(message.Id, facts),
                _ => null,
            };
            _since = Count == 0 || since < _since ? since : _since;
            _until = _until > until ? _until : until;
            _typing += message.Typing;
            Count++;
        }

        public readonly WaitingGroup Close(WaitReason reason, QueueFacts facts, int[] turns, DateTimeOffset now)
        {
            var until = reason == WaitReason.Queue ? LastTurn(now + _typing, facts.Tempo, turns, now) : _until;
            return new(reason, Count, _since, until, Sentences.OfMany(reason, Count, facts, until));
        }

        private static DateTimeOffset? LastTurn(DateTimeOffset typed, Tempo? tempo, int[] turns, DateTimeOffset now)
        {
            var last = tempo?.OpensAt(now, turns.Sum()) ?? now;
            foreach (var (category, flow) in tempo?.Slowed.AsEnumerable() ?? [])
            {
                last = flow.At(turns[(int)category], tempo!.Burst, now) is var at && at > last ? at : last;
            }

            last = typed > last ? typed : last;
            return last > now ? last : null;
        }
    }
}

/// <summary>How many messages wait in the chats of a lane.</summary>
[GenerateSerializer, Immutable, Alias("wuts.lane-tally")]
public sealed record LaneTally([property: Id(0)] Lane Lane, [property: Id(1)] int Waiting);

/// <summary>How many messages of a category wait.</summary>
[GenerateSerializer, Immutable, Alias("wuts.category-tally")]
public sealed record CategoryTally([property: Id(0)] Category Category, [property: Id(1)] int Waiting);

/// <summary>Messages that wait for the same thing.</summary>
/// <param name="Since">Since when the first of them waits: for what waits for a time, since its acceptance.</param>
/// <param name="Until">When the last of them is released; <c>null</c> when nobody knows.</param>
/// <param name="Sentence">The same, for people.</param>
[GenerateSerializer, Immutable, Alias("wuts.waiting-group")]
public sealed record WaitingGroup(
    [property: Id(0)] WaitReason Reason,
    [property: Id(1)] int Count,
    [property: Id(2)] DateTimeOffset Since,
    [property: Id(3)] DateTimeOffset? Until,
    [property: Id(4)] string Sentence);

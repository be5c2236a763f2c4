using System.Collections.Immutable;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Pacing;

/// <summary>How a pace lets a queue leave from now on: enough to tell when a message may leave, and why not before.</summary>
public sealed record Tempo
{
    /// <summary>All kinds of traffic together.</summary>
    public required Flow All { get; init; }

    /// <summary>Those kinds that are slowed by themselves.</summary>
    public ImmutableDictionary<Category, Flow> Slowed { get; init; } = ImmutableDictionary<Category, Flow>.Empty;

    /// <summary>How far ahead of its even time a message may leave.</summary>
    public TimeSpan Burst { get; init; }

    /// <summary>Nothing leaves before this, because the network said so.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>When the last message left; <c>null</c> when that is not known.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>Between two messages to one recipient; <c>null</c> for no limit of its own.</summary>
    public TimeSpan? PairGap { get; init; }

    /// <summary>How far ahead of its even time a message to one recipient may leave.</summary>
    public TimeSpan PairTolerance { get; init; }

    /// <summary>The chats that were written to lately.</summary>
    public IReadOnlyDictionary<string, Gcra> Pairs { get; init; } = ImmutableDictionary<string, Gcra>.Empty;

    public DateTimeOffset CategoryOpensAt(Category category) =>
        Slowed.TryGetValue(category, out var flow) ? flow.Next.OpensAt(Burst) : DateTimeOffset.MinValue;

    /// <summary>From when on the limit for its recipient lets a message go; its typing is part of the wait.</summary>
    public DateTimeOffset? PairOpensAt(QueuedMessage message) =>
        PairGap is not null && Pairs.TryGetValue(message.ChatJid, out var pair) ? pair.OpensAt(PairTolerance) - message.Typing : null;

    /// <summary>What keeps a message that would be the next to leave; <c>null</c> when it may leave now.</summary>
    public PaceHold? HoldOf(QueuedMessage message, DateTimeOffset now)
    {
        PaceHold? hold = null;
        Longer(PaceHoldKind.Rate, Earlier(All.Next.OpensAt(Burst), message.Typing), All);
        Longer(PaceHoldKind.Category, CategoryOpensAt(message.Category), Slowed.GetValueOrDefault(message.Category));
        Longer(PaceHoldKind.Network, HeldUntil, All);
        Longer(PaceHoldKind.Recipient, PairOpensAt(message), null);
        return hold;

        void Longer(PaceHoldKind kind, DateTimeOffset? until, Flow? flow) =>
            hold = until > now && !(hold?.Until >= until) ? new(kind, kind == PaceHoldKind.Recipient ? null : LastAt, until.Value, message.Category, flow) : hold;
    }

    /// <summary>From when on anything may leave, at <paramref name="from"/> at the earliest.</summary>
    /// <param name="ahead">How many leave before it.</param>
    public DateTimeOffset OpensAt(DateTimeOffset from, int ahead = 0) => All.At(ahead, Burst, Later(HeldUntil, from));

    /// <summary>About when a message is handed over at the earliest.</summary>
    /// <param name="ahead">How many leave before it, and how many of them in its lane and in its chat.</param>
    public DateTimeOffset LeavesAt(QueuedMessage message, (int All, int InLane, int InChat) ahead, DateTimeOffset now)
    {
        var at = OpensAt(now, ahead.All);
        at = Slowed.TryGetValue(message.Category, out var flow) ? Later(flow.At(ahead.InLane, Burst, now), at) : at;
        return PairGap is { } gap && (ahead.InChat > 0 || Pairs.ContainsKey(message.ChatJid))
            ? Later(Later(Pairs.GetValueOrDefault(message.ChatJid).DueAt, now) + gap * ahead.InChat - PairTolerance, at)
            : at;
    }

    private static DateTimeOffset Earlier(DateTimeOffset time, TimeSpan by) => time.Ticks > by.Ticks ? time - by : time;

    private static DateTimeOffset Later(DateTimeOffset? a, DateTimeOffset b) => a > b ? a.Value : b;
}

/// <summary>One limit on what leaves.</summary>
/// <param name="Next">Where it stands.</param>
/// <param name="Rate">Messages a second.</param>
/// <param name="Gap">Between two messages, on average.</param>
/// <param name="SlowedBy">What made it slower than it may be; <c>null</c> when nothing did.</param>
public sealed record Flow(Gcra Next, double Rate, TimeSpan Gap, PaceSignal? SlowedBy)
{
    /// <summary>When the message leaves that so many go before, if nothing leaves before <paramref name="from"/>.</summary>
    public DateTimeOffset At(int ahead, TimeSpan burst, DateTimeOffset from)
    {
        var at = (Next.DueAt > from ? Next.DueAt : from) + Gap * ahead - burst;
        return at > from ? at : from;
    }
}

/// <summary>Which part of a pace keeps a message.</summary>
public enum PaceHoldKind
{
    /// <summary>That of the whole number.</summary>
    Rate,

    /// <summary>That of its kind of traffic.</summary>
    Category,

    /// <summary>The network asked for silence.</summary>
    Network,

    /// <summary>The limit for one recipient.</summary>
    Recipient,
}

/// <summary>What keeps a message that would leave otherwise.</summary>
/// <param name="Since">Since when, unless the message was not due by then; <c>null</c> for since it was due.</param>
/// <param name="Flow">The limit; <c>null</c> for that of a recipient.</param>
public sealed record PaceHold(PaceHoldKind Kind, DateTimeOffset? Since, DateTimeOffset Until, Category Category, Flow? Flow);

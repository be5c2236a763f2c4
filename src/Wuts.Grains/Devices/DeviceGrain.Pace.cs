using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;

namespace Wuts.Grains.Devices;

// When the next message may leave, and what the network's answers and receipts do to that.
internal sealed partial class DeviceGrain
{
    private static readonly TimeSpan NoticeableGap = TimeSpan.FromSeconds(1);
    private const int PairsBeforePruning = 1024;

    private readonly Dictionary<string, Gcra> _pairs = [];
    private readonly Gcra[] _nextOf = new Gcra[Enum.GetValues<Category>().Length];
    private Gcra _next;
    private DateTimeOffset? _lastAt;
    private ReceiptWatch _watch = new();

    private PaceProfile Profile => _policy.Profile;

    /// <summary>Whatever was saved up elsewhere is lost here, so that two activations together send no more than one would.</summary>
    private void StartPace(bool fresh)
    {
        var now = clock.GetUtcNow();
        var drained = Gcra.Drained(now, Profile.Burst);
        var gap = TimeSpan.FromSeconds(1 / _health.Pace.Rate);
        Array.Fill(_nextOf, drained);
        var wasDrained = _health.DrainedIn == Epoch - 1;
        _next = wasDrained && _health.NextDueAt > drained.DueAt ? new(_health.NextDueAt.Value)
            : !fresh && !wasDrained && gap > NoticeableGap ? drained.Spend(now, gap) // another may have sent a moment ago
            : drained;
    }

    /// <summary>What to do next, where the pace has a say.</summary>
    private NextDispatch NextByPace(DateTimeOffset now)
    {
        if (!_paceOptions.Enabled)
        {
            return _queue.Next(now);
        }

        SetPace(_health.Pace.Recovered(_policy, now));
        while (true)
        {
            var next = _queue.Next(now, CategoryOpensAt);
            if (next is not NextDispatch.Now { Message: var message })
            {
                return next;
            }

            var pair = PairOpensAt(message.ChatJid) - TypingLeft(message);
            if (pair > now)
            {
                _queue = _queue.Retry(message.Id, pair, message.Attempts, message.Hold); // it holds its chat, and no other
                continue;
            }

            var opens = OpensAt(TypingLeft(message));
            return opens > now ? new NextDispatch.At(opens) : next;
        }
    }

    /// <summary>Whether the pace lets a message leave at once that comes when nothing else waits.</summary>
    private bool IsOpen(MessageEnvelope envelope, DateTimeOffset now) =>
        !_paceOptions.Enabled
        || (OpensAt(envelope.Typing) <= now && CategoryOpensAt(envelope.Category) <= now && PairOpensAt(envelope.ChatJid) <= now);

    // Its typing is part of the gap.
    private DateTimeOffset OpensAt(TimeSpan typing)
    {
        var even = _next.OpensAt(Profile.Burst);
        even = even.Ticks > typing.Ticks ? even - typing : even;
        return _health.Pace.HeldUntil > even ? _health.Pace.HeldUntil.Value : even;
    }

    private DateTimeOffset CategoryOpensAt(Category category) =>
        _health.Pace.Factors.Of(category) < 1 ? _nextOf[(int)category].OpensAt(Profile.Burst) : DateTimeOffset.MinValue;

    private DateTimeOffset PairOpensAt(string chatJid) =>
        Profile.PairGap is not null && _pairs.TryGetValue(chatJid, out var pair) ? pair.OpensAt(Profile.PairTolerance) : DateTimeOffset.UnixEpoch;

    /// <summary>The pace as it is now; <c>null</c> where nothing is paced. What it says of chats is for this turn only.</summary>
    private Tempo? TempoAt(DateTimeOffset now)
    {
        if (!_paceOptions.Enabled)
        {
            return null;
        }

        var pace = _health.Pace.Recovered(_policy, now);
        return new()
        {
            All = new(_next, pace.Rate, Profile.MeanGap(pace.Rate), pace.SlowedBy(_policy)),
            Slowed = pace.Factors.IsFull ? ImmutableDictionary<Category, Flow>.Empty : Enum.GetValues<Category>()
                .Where(category => pace.Factors.Of(category) < 1)
                .ToImmutableDictionary(category => category, category => FlowOf(category, pace)),
            Burst = Profile.Burst,
            HeldUntil = pace.HeldUntil,
            LastAt = _lastAt,
            PairGap = Profile.PairGap,
            PairTolerance = Profile.PairTolerance,
            Pairs = _pairs,
        };
    }

    private Flow FlowOf(Category category, Pace pace)
    {
        var rate = pace.RateOf(category, Profile);
        return new(_nextOf[(int)category], rate, TimeSpan.FromSeconds(1 / rate), pace.SlowedBy(_policy, category));
    }

    private async Task<SendOutcome> SendPaced(Message message)
    {
        var now = clock.GetUtcNow();
        var envelope = message.Envelope;
        var pace = _health.Pace;
        var held = _held.Remove(envelope.ChatJid);
        _lastAt = now;
        _next = _next.Spend(now, Profile.Gap(pace.Rate, Profile.IsHuman ? chance.NextDouble() : 0));
        _nextOf[(int)envelope.Category] = _nextOf[(int)envelope.Category].Spend(now, TimeSpan.FromSeconds(1 / pace.RateOf(envelope.Category, Profile)));
        if (Profile.PairGap is { } gap)
        {
            Prune(now);
            _pairs[envelope.ChatJid] = _pairs.GetValueOrDefault(envelope.ChatJid).Spend(now, gap);
        }

        var outcome = await SendMeasured(message, held);
        Learn(envelope, outcome);
        return outcome;
    }

    private void Prune(DateTimeOffset now)
    {
        if (_pairs.Count >= PairsBeforePruning)
        {
            foreach (var (chat, _) in _pairs.Where(pair => pair.Value.DueAt <= now).ToArray())
            {
                _pairs.Remove(chat);
            }
        }
    }

    private void Learn(MessageEnvelope envelope, SendOutcome outcome)
    {
        var now = clock.GetUtcNow();
        switch (outcome)
        {
            case SendOutcome.Accepted:
                _watch = _watch.Sent(envelope.Id, envelope.Category, now);
                SetHealth(ReachesOut(envelope.ChatJid, envelope.Id) ? _health.OpenedChat(now) : _health);
                break;
            case SendOutcome.Refused { RetryAfter: { } wait } refused when refused.Failure.ConcernsStrangersOnly():
                SetHealth(_health.With(new Restriction(KindOf(refused.Failure), now + wait, now, null)));
                break;
            case SendOutcome.Refused refused when IsThrottle(refused):
                SetPace(_health.Pace.Throttled(_policy, refused.RetryAfter ?? _policy.Rules.ThrottleWait, now));
                break;
            case SendOutcome.Refused { Failure: { Class: FailureClass.Quality } failure } when !failure.ConcernsStrangersOnly():
                SetPace(_health.Pace.Slowed(_policy, new(PaceSignal.Blocked, envelope.Category, null, null), now));
                break;
            case SendOutcome.Refused { Failure.Class: FailureClass.Recipient }:
                _watch = _watch.Sent(envelope.Id, envelope.Category, now).Heard(envelope.Id, Fate.Undelivered, _policy.Rules);
                break;
        }

        Judge(now);
    }

    /// <summary>What a refusal comes to that is no fault of the message, so that it spends none of its attempts; <c>null</c> for any other.</summary>
    private DispatchOutcome? Spare(SendOutcome.Refused refused, DateTimeOffset now) =>
        refused.Failure.ConcernsStrangersOnly()
            ? refused.RetryAfter is { } until ? new DispatchOutcome.Retry(refused.Failure, now + until, HoldReason.Restricted) : new DispatchOutcome.Failed(refused.Failure)
            : IsThrottle(refused) ? new DispatchOutcome.Retry(refused.Failure, now + (refused.RetryAfter ?? _policy.Rules.ThrottleWait)) : null;

    private static bool IsThrottle(SendOutcome.Refused refused) => refused.Failure.Code == FailureCodes.Throttled;

    private static RestrictionKind KindOf(Failure failure) =>
        failure.Code == FailureCodes.ReachOutTimelock ? RestrictionKind.ReachOut : RestrictionKind.NewChats;

    private void Watch(IEnumerable<DeviceEvent.Receipt> receipts)
    {
        foreach (var receipt in receipts)
        {
            var fate = receipt.Event switch
            {
                { Stage: DeliveryStage.Sent } => Fate.Open,
                { Stage: DeliveryStage.Failed, Failure.Class: FailureClass.Quality } => Fate.Blocked,
                { Stage: DeliveryStage.Failed } => Fate.Undelivered,
                _ => Fate.Delivered,
            };
            _watch = _watch.Heard(receipt.ProviderId, fate, _policy.Rules);
        }

        Judge(clock.GetUtcNow());
    }

    private void Judge(DateTimeOffset now)
    {
        _watch = _watch.Settled(now, _policy.Rules);
        foreach (var warning in _watch.Warnings(_policy.Rules))
        {
            var slower = _health.Pace.Slowed(_policy, warning, now);
            if (slower.Cuts != _health.Pace.Cuts)
            {
                SetPace(slower);
                _watch = _watch.Forgetting(warning.Category!.Value, now);
            }
        }
    }
}

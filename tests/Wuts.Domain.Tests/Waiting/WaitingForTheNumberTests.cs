using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Domain.Waiting;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Waiting;

/// <summary>What the health of a number makes its messages wait for, each by example, with its sentence.</summary>
public sealed class WaitingForTheNumberTests
{
    private static readonly DateTimeOffset Now = T0.AddMinutes(10);
    private static readonly DateTimeOffset Tomorrow = T0.AddDays(1);
    private static readonly WaitingMessage Due = new("m", MessageState.Queued, T0, T0.AddSeconds(5), T0, null, Open: true);
    private static readonly WaitingMessage Planned = Due with { ReadyAt = Tomorrow, ChangedAt = T0.AddSeconds(1), Hold = HoldReason.WarmUp };
    private static readonly Tempo Even = new() { All = Flow(nextIn: 7, perMinute: 6), LastAt = Now.AddSeconds(-3) };

    private static readonly QueueFacts Ready = new()
    {
        Session = DeviceSession.New(T0).Paired("5511999990001@s.whatsapp.net", "secret", T0).Connected(T0.AddSeconds(1)),
    };

    [Fact]
    public void The_pace() => Is(
        WaitReason.Pace, Now.AddSeconds(-3), Now.AddSeconds(7),
        "It is the next to leave, and its number sends 6 messages a minute: it may leave at 2030-01-01 12:10:07 UTC.",
        Due, Queue(), Ready with { Tempo = Even });

    [Fact]
    public void The_pace_that_let_another_leave_before_it_was_due() => Assert.Equal(
        Now.AddSeconds(-1), Of(Due with { ReadyAt = Now.AddSeconds(-1) }, Queue(), Ready with { Tempo = Even }).Since);

    public static TheoryData<PaceSignal, string> Slowed => new()
    {
        { PaceSignal.Undelivered, "too many did not reach a phone" },
        { PaceSignal.Blocked, "recipients block or report it" },
        { PaceSignal.Throttled, "WhatsApp asked for it" },
        { PaceSignal.Quality, "WhatsApp rates its quality low" },
        { PaceSignal.Disconnects, "its link broke too often" },
        { PaceSignal.TemporaryBan, "it was banned for a time" },
    };

    [Theory]
    [MemberData(nameof(Slowed))]
    public void A_pace_that_was_slowed(PaceSignal signal, string why) => Is(
        WaitReason.Pace, Now.AddSeconds(-3), Now.AddSeconds(7),
        $"It is the next to leave, and its number sends one message a minute (slowed since {why}): it may leave at 2030-01-01 12:10:07 UTC.",
        Due, Queue(), Ready with { Tempo = Even with { All = Flow(7, 1, signal) } });

    [Fact]
    public void The_pace_of_a_category_lets_the_rest_go()
    {
        var tempo = Even with
        {
            All = Flow(nextIn: -1, perMinute: 4800),
            Slowed = ImmutableDictionary<Category, Flow>.Empty.Add(Category.Marketing, Flow(20, 2.5, PaceSignal.Undelivered)),
        };
        var queue = OutboundQueue.Empty.Add(Message("m") with { Category = Category.Marketing }).Add(Message("bill", "b"));

        Is(
            WaitReason.Pace, Now.AddSeconds(-3), Now.AddSeconds(20),
            "Its number sends 2.5 messages a minute of the category marketing (slowed since too many did not reach a phone): it may leave at 2030-01-01 12:10:20 UTC.",
            Due, queue, Ready with { Tempo = tempo });
        Assert.Equal(WaitReason.Queue, Of(Due with { Id = "bill" }, queue, Ready with { Tempo = tempo }).Reason);
    }

    [Fact]
    public void The_silence_that_whatsapp_asked_for() => Is(
        WaitReason.Pace, Now.AddSeconds(-3), Now.AddSeconds(30),
        "WhatsApp asked this number to send more slowly: nothing leaves before 2030-01-01 12:10:30 UTC.",
        Due, Queue(), Ready with { Tempo = Even with { HeldUntil = Now.AddSeconds(30) } });

    [Fact]
    public void The_limit_for_one_recipient()
    {
        const string Sentence = "WhatsApp takes only so many messages to one recipient in a short time: this one may leave at 2030-01-01 12:10:50 UTC.";
        var tempo = Even with { PairGap = TimeSpan.FromMinutes(1), PairTolerance = TimeSpan.FromSeconds(2), Pairs = new Dictionary<string, Gcra> { ["chat"] = new(Now.AddSeconds(52)) } };

        Is(WaitReason.Pace, T0.AddSeconds(5), Now.AddSeconds(50), Sentence, Due, Queue(), Ready with { Tempo = tempo });
        Is(WaitReason.Pace, T0.AddSeconds(5), Now.AddSeconds(50), Sentence, Due, Queue().Retry("m", Now.AddSeconds(50), attempts: 0), Ready with { Tempo = tempo });
        Assert.Equal(WaitReason.Fault, Of(Due, Queue().Retry("m", Now.AddSeconds(1), attempts: 0), Ready with { Tempo = tempo }).Reason);
    }

    [Fact]
    public void What_is_not_the_next_waits_for_its_turn_at_the_pace_of_those_before_it()
    {
        var queue = OutboundQueue.Empty.Add(Message("a", "a", -2)).Add(Message("b", "b", -1)).Add(Message("m"));

        Is(WaitReason.Queue, T0.AddSeconds(5), Now.AddSeconds(27), "2 chats have their turn before it.", Due, queue, Ready with { Tempo = Even });
    }

    [Fact]
    public void A_device_that_is_not_ready_comes_before_its_pace() => Assert.Equal(
        WaitReason.DeviceLoggedOut,
        Of(Due, Queue(), Ready with { Session = Ready.Session.LoggedOut(Now, "gone"), Tempo = Even }).Reason);

    [Fact]
    public void The_warm_up_of_a_number_whose_day_is_full() => Is(
        WaitReason.WarmUp, T0.AddSeconds(1), Tomorrow,
        "The number is being warmed up: it may write to 250 people for the first time today, and 250 are planned. Its recipient is new, and planned for 2030-01-02 12:00:00 UTC.",
        Planned, Queue(), Ready with { WarmUp = WarmUp(planned: 250) });

    [Fact]
    public void The_warm_up_of_a_number_on_the_day_itself()
    {
        const string Sentence = "The number is being warmed up, and its recipient is new to it: this message is planned for 2030-01-02 12:00:00 UTC.";
        Is(WaitReason.WarmUp, T0.AddSeconds(1), Tomorrow, Sentence, Planned, Queue(), Ready with { WarmUp = WarmUp(planned: 249) });
        Is(WaitReason.WarmUp, T0.AddSeconds(1), Tomorrow, Sentence, Planned, Queue(), Ready);
    }

    [Fact]
    public void One_that_was_put_off_since_its_row_was_read() => Assert.Equal(
        (WaitReason.WarmUp, Tomorrow),
        Of(Due, Queue().Retry("m", Tomorrow, 0, HoldReason.WarmUp), Ready) is var waiting ? (waiting.Reason, waiting.Until!.Value) : default);

    public static TheoryData<RestrictionKind, bool, string> Restrictions => new()
    {
        { RestrictionKind.NewChats, true, "WhatsApp lets this number begin no new chats until 2030-01-02 12:00:00 UTC." },
        { RestrictionKind.ReachOut, true, "WhatsApp lets this number write only to people who have written to it until 2030-01-02 12:00:00 UTC." },
        { RestrictionKind.NewChats, false, "WhatsApp lets this number begin no new chats, and said no end: the next look is at 2030-01-02 12:00:00 UTC." },
    };

    [Theory]
    [MemberData(nameof(Restrictions))]
    public void A_restriction(RestrictionKind kind, bool ends, string sentence) => Is(
        WaitReason.Restricted, T0.AddSeconds(1), Tomorrow, sentence,
        Planned with { Hold = HoldReason.Restricted, Refusal = Busy }, Queue(),
        Ready with { Restrictions = [new(kind == RestrictionKind.NewChats ? RestrictionKind.ReachOut : RestrictionKind.NewChats, Now, T0, null), new(kind, ends ? Tomorrow : null, T0, 0)] });

    private static void Is(
        WaitReason reason, DateTimeOffset since, DateTimeOffset? until, string sentence, WaitingMessage message, OutboundQueue queue, QueueFacts facts) =>
        Assert.Equal(new WaitingFor(reason, since, until, sentence), Of(message, queue, facts));

    private static WaitingFor Of(WaitingMessage message, OutboundQueue queue, QueueFacts facts) =>
        WaitingFor.Of(message, queue.PlaceOf(message.Id, Now, facts.Tempo), facts, Now);

    private static OutboundQueue Queue() => OutboundQueue.Empty.Add(Message("m"));

    private static QueuedMessage Message(string id, string chat = "chat", long position = 1) =>
        new(id, chat, position, T0.AddSeconds(5), TimeSpan.Zero, AcceptedAt: T0);

    private static Flow Flow(double nextIn, double perMinute, PaceSignal? slowedBy = null) =>
        new(new(Now.AddSeconds(nextIn)), perMinute / 60, TimeSpan.FromMinutes(1 / perMinute), slowedBy);

    private static WarmUp WarmUp(int planned) => new()
    {
        Began = DateOnly.FromDateTime(T0.UtcDateTime), Schedule = [250, 500],
        Planned = ImmutableSortedDictionary<DateOnly, int>.Empty.Add(DateOnly.FromDateTime(T0.UtcDateTime), planned),
    };
}

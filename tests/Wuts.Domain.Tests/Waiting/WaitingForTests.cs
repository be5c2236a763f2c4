using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Waiting;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Waiting;

/// <summary>Each reason by example, with its sentence.</summary>
public sealed class WaitingForTests
{
    private static readonly DateTimeOffset Now = T0.AddMinutes(10);
    private static readonly DeviceSession Linked = DeviceSession.New(T0).Paired("5511999990001@s.whatsapp.net", "secret", T0).Connected(T0.AddSeconds(1));
    private static readonly QueueFacts Ready = new() { Session = Linked, AnswerLimit = TimeSpan.FromSeconds(75) };
    private static readonly WaitingMessage Due = new("m", MessageState.Queued, T0, T0.AddSeconds(5), T0, null, Open: true);

    [Fact]
    public void A_delay() => Is(
        WaitReason.Delay, T0, Now.AddSeconds(30),
        "Its sender asked for a delay: it may leave at 2030-01-01 12:10:30 UTC.",
        Due with { ReadyAt = Now.AddSeconds(30) }, Queue(), Ready);

    [Fact]
    public void A_retry() => Is(
        WaitReason.Retry, T0.AddSeconds(9), Now.AddSeconds(30),
        "WhatsApp refused the last attempt (130429: The network asks us to slow down). The next one is at 2030-01-01 12:10:30 UTC.",
        Due with { ReadyAt = Now.AddSeconds(30), ChangedAt = T0.AddSeconds(9), Refusal = Busy }, Queue(), Ready);

    [Fact]
    public void A_fault_of_ours() => Is(
        WaitReason.Fault, T0.AddSeconds(5), Now.AddSeconds(1),
        "A fault of ours cut the last attempt short before it left. The next one is at 2030-01-01 12:10:01 UTC.",
        Due, Queue().Retry("m", Now.AddSeconds(1), attempts: 0), Ready);

    [Fact]
    public void A_claim_whose_answer_was_lost_is_a_fault_of_ours() => Is(
        WaitReason.Fault, T0.AddSeconds(5), Now.AddSeconds(1),
        "A fault of ours cut the last attempt short before it left. The next one is at 2030-01-01 12:10:01 UTC.",
        Due with { State = MessageState.Dispatching }, Queue().Begin("m").Retry("m", Now.AddSeconds(1), attempts: 0), Ready);

    [Fact]
    public void An_earlier_message_of_the_chat() => Is(
        WaitReason.ChatOrder, T0.AddSeconds(5), Now.AddSeconds(50),
        "Message first of the same chat was accepted before it and leaves first.",
        Due, OutboundQueue.Empty.Add(Message("first", "chat", 0) with { ReadyAt = Now.AddSeconds(50) }).Add(Message("m", "chat", 1)), Ready);

    [Fact]
    public void An_earlier_message_of_the_chat_whose_outcome_is_unknown() => Is(
        WaitReason.ChatOrder, T0.AddSeconds(5), Now.AddSeconds(90),
        "Message first of the same chat was accepted before it and leaves first; nobody knows yet whether it did.",
        Due, OutboundQueue.Empty.Reserve(Message("first", "chat", 0)).Add(Message("m", "chat", 1)), Doubting("first"));

    [Fact]
    public void Its_turn() => Is(
        WaitReason.Queue, T0.AddSeconds(5), Now.AddSeconds(6),
        "2 chats have their turn before it.",
        Due, OutboundQueue.Empty.Add(Message("a", "a", -2)).Add(Message("b", "b", -1)).Add(Message("m", "chat", 1)), Ready);

    [Fact]
    public void Its_turn_after_many()
    {
        var queue = Enumerable.Range(0, 2000).Aggregate(Queue(), (queue, i) => queue.Add(Message($"o{i}", $"o{i}", i - 5000)));

        Assert.Equal("2,000 chats have their turn before it.", Of(Due, queue, Ready).Sentence);
        Assert.Equal("One chat has its turn before it.", Of(Due, Queue().Add(Message("a", "a", -2)), Ready).Sentence);
    }

    [Fact]
    public void Its_turn_when_it_is_next() => Is(WaitReason.Queue, T0.AddSeconds(5), null, "It is the next to leave.", Due, Queue(), Ready);

    [Fact]
    public void Typing() => Is(
        WaitReason.Typing, Now.AddSeconds(-1), Now.AddSeconds(2),
        "Its recipient is shown that somebody is typing; then it leaves.",
        Due, Queue().Begin("m"), Ready with { Typing = (Now.AddSeconds(-1), Now.AddSeconds(2)) });

    [Theory]
    [InlineData(MessageState.Dispatching)]
    [InlineData(MessageState.Queued)] // read just before the claim
    public void A_hand_over(MessageState state) => Assert.Equal(
        (WaitReason.HandedOver, "It is being handed to WhatsApp, which has not answered yet."),
        Of(Due with { State = state }, Queue().Begin("m"), Ready) is var waiting ? (waiting.Reason, waiting.Sentence) : default);

    [Fact]
    public void A_hand_over_ends_when_whatsapp_may_take_no_longer() => Is(
        WaitReason.HandedOver, T0.AddSeconds(9), T0.AddSeconds(84), "It is being handed to WhatsApp, which has not answered yet.",
        Due with { State = MessageState.Dispatching, ChangedAt = T0.AddSeconds(9) }, Queue().Begin("m"), Ready);

    [Fact]
    public void Evidence() => Is(
        WaitReason.Uncertain, T0.AddSeconds(9), Now.AddSeconds(90),
        "It was handed over, and nobody knows whether WhatsApp took it: evidence decides, and it is not sent again before.",
        Due with { State = MessageState.Uncertain, ChangedAt = T0.AddSeconds(9) }, Queue().HoldBack("m"), Doubting("m"));

    [Fact]
    public void Evidence_that_is_not_asked_for_any_more() => Is(
        WaitReason.Uncertain, T0, null,
        "It was handed over, and WhatsApp gave no evidence that it took it: only a late receipt settles it, and it is never sent again.",
        Due with { State = MessageState.Uncertain, Open = false }, OutboundQueue.Empty, Ready);

    [Fact]
    public void An_acceptance_that_is_being_stored() => Is(
        WaitReason.Storing, T0.AddSeconds(5), null, "Its acceptance is being stored.", Due, OutboundQueue.Empty.Reserve(Message("m", "chat", 1)), Ready);

    [Fact]
    public void A_device_that_does_not_have_it_in_hand() => Is(
        WaitReason.PickUp, T0.AddSeconds(5), null,
        "Its device does not have it in hand yet. It looks for such messages once a minute.", Due, OutboundQueue.Empty, Ready);

    [Fact]
    public void A_device_that_cannot_be_asked()
    {
        Assert.Equal(
            new(WaitReason.DeviceUnreachable, T0.AddSeconds(5), null, "Its device could not be asked just now. The message is stored and is not lost."),
            WaitingFor.Of(Due, null, null, Now));
        Assert.Equal(WaitReason.Delay, WaitingFor.Of(Due with { ReadyAt = Now.AddSeconds(1) }, null, null, Now).Reason);
        Assert.Equal(
            new(WaitReason.WarmUp, T0, Now.AddDays(1), "The number is being warmed up, and its recipient is new to it: this message is planned for 2030-01-02 12:10:00 UTC."),
            WaitingFor.Of(Due with { ReadyAt = Now.AddDays(1), Hold = HoldReason.WarmUp }, null, null, Now));
        Assert.Equal(
            new(WaitReason.Restricted, T0, Now.AddDays(1), "WhatsApp does not let this number write to its recipient before 2030-01-02 12:10:00 UTC."),
            WaitingFor.Of(Due with { ReadyAt = Now.AddDays(1), Hold = HoldReason.Restricted, Refusal = Busy }, null, null, Now));
        Assert.Equal(WaitReason.Uncertain, WaitingFor.Of(Due with { State = MessageState.Uncertain }, null, null, Now).Reason);
        Assert.Equal(WaitReason.HandedOver, WaitingFor.Of(Due with { State = MessageState.Dispatching }, null, null, Now).Reason);
    }

    public static TheoryData<DeviceSession, WaitReason, DateTimeOffset?, string> NotReady => new()
    {
        { Linked.Lost(Later, "the link broke"), WaitReason.DeviceDisconnected, null, "The device is not connected (the link broke). It connects again by itself." },
        { Linked.Closed(Later), WaitReason.DeviceDisconnected, null, "The device is not connected (disconnected by its owner). It leaves when the device is connected again." },
        { DeviceSession.New(Later), WaitReason.DeviceDisconnected, null, "The device is not connected. It must be paired first." },
        { Linked.Connecting(Later), WaitReason.DeviceConnecting, null, "The device is connecting to WhatsApp." },
        { Linked.QrShown(Later), WaitReason.DevicePairing, null, "The device waits to be paired: its QR code is to be scanned." },
        { Linked.PairCodeShown(Later), WaitReason.DevicePairing, null, "The device waits to be paired: its pair code is to be entered on the phone." },
        { Linked.LoggedOut(Later, "unlinked on the phone"), WaitReason.DeviceLoggedOut, null, "The device is logged out (unlinked on the phone). It must be paired again." },
        { Linked.Banned(Later, Now.AddHours(2), "too eager"), WaitReason.DeviceBanned, Now.AddHours(2), "WhatsApp has banned the number until 2030-01-01 14:10:00 UTC (too eager)." },
        { Linked.Banned(Later, null, "spam"), WaitReason.DeviceBanned, null, "WhatsApp has banned the number, and said no end (spam)." },
        { Linked with { State = DeviceState.Paused, Since = Later }, WaitReason.DevicePaused, null, "The device is paused." },
    };

    private static DateTimeOffset Later => T0.AddMinutes(3);

    [Theory]
    [MemberData(nameof(NotReady))]
    public void A_device_that_is_not_ready(DeviceSession session, WaitReason reason, DateTimeOffset? until, string sentence)
    {
        Is(reason, Later, until, sentence, Due, Queue(), Ready with { Session = session });
        Is(reason, Now.AddSeconds(-1), until, sentence, Due with { ReadyAt = Now.AddSeconds(-1) }, Queue(), Ready with { Session = session });
    }

    [Fact]
    public void A_silo_that_stops() => Is(
        WaitReason.Draining, T0.AddSeconds(5), null,
        "The device is moving to another server, which goes on with its queue.", Due, Queue(), Ready with { Draining = true });

    [Fact]
    public void A_permit()
    {
        const string Shared = "It is typed, and other devices have the tenant's share of the capacity now; it leaves with its device's next permit.";
        var typed = Queue().Begin("m");
        Is(WaitReason.Permit, Now.AddSeconds(-2), null, Shared, Due, typed, Ready with { Permit = new(Now.AddSeconds(-2), null, ForPlace: false) });
        Is(
            WaitReason.Permit, Now.AddSeconds(-2), Now.AddSeconds(1),
            "It is typed, and the tenant's share of the capacity lets it leave at 2030-01-01 12:10:01 UTC.",
            Due, typed, Ready with { Permit = new(Now.AddSeconds(-2), Now.AddSeconds(1), ForPlace: false) });
        Is(
            WaitReason.Permit, Now.AddSeconds(-2), null,
            "As many messages are being handed over at once as its server takes; it leaves when there is a place for one more of its tenant.",
            Due, typed, Ready with { Permit = new(Now.AddSeconds(-2), null, ForPlace: true) });
        Is(WaitReason.Permit, Now.AddSeconds(-2), null, Shared, // the answer to its claim was lost
            Due with { State = MessageState.Dispatching }, typed, Ready with { Permit = new(Now.AddSeconds(-2), null, ForPlace: false) });
    }

    [Fact]
    public void The_next_behind_one_that_waits_for_a_permit_waits_for_its_turn() => Assert.Equal(
        WaitReason.Queue,
        Of(Due, Queue().Add(Message("typed", "typed", 0)).Begin("typed"), Ready with { Permit = new(Now, null, ForPlace: false) }).Reason);

    [Fact]
    public void A_message_that_has_left_waits_for_nothing()
    {
        Assert.Null(WaitingMessage.Of(Sent(), []));
        Assert.Equal(
            new WaitingMessage(Queued().Envelope.Id, MessageState.Queued, T0, T0.AddSeconds(30), T0.AddSeconds(2), null, Open: true),
            WaitingMessage.Of(Queued(TimeSpan.FromSeconds(30)), [new(T0.AddSeconds(2), TimelineKind.Accepted, TimelineSource.Api, 0)]));
        Assert.Null(WaitingMessage.Of(Wuts.Domain.Delivery.Message.Refuse(Queued().Envelope, 1, Busy).Message, [])); // its reason is that of its refusal
        Assert.Equal(HoldReason.WarmUp, WaitingMessage.Of(Queued().Wait(1, Now, HoldReason.WarmUp, null, T0)!.Message, [])!.Hold);
        Assert.Equal(Busy, WaitingMessage.Of(Dispatching().Record(new DispatchOutcome.Retry(Busy, Now)), [])!.Refusal);
    }

    private static void Is(
        WaitReason reason, DateTimeOffset since, DateTimeOffset? until, string sentence, WaitingMessage message, OutboundQueue queue, QueueFacts facts) =>
        Assert.Equal(new WaitingFor(reason, since, until, sentence), Of(message, queue, facts));

    private static WaitingFor Of(WaitingMessage message, OutboundQueue queue, QueueFacts facts) =>
        WaitingFor.Of(message, queue.PlaceOf(message.Id, Now, facts.Tempo), facts, Now);

    private static OutboundQueue Queue() => OutboundQueue.Empty.Add(Message("m", "chat", 1));

    private static QueuedMessage Message(string id, string chat, long position) =>
        new(id, chat, position, T0.AddSeconds(5), TimeSpan.FromSeconds(3), AcceptedAt: T0);

    private static QueueFacts Doubting(string id) => Ready with { Doubtful = new Dictionary<string, DateTimeOffset> { [id] = Now.AddSeconds(90) } };
}

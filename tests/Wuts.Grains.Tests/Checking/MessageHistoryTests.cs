using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class MessageHistoryTests
{
    [Fact]
    public void The_story_of_a_message_comes_from_all_logs_in_the_order_of_time()
    {
        var history = new Story().Message("a", life: Story.Resent, key: "k", left: [4.5]).Message("b", asked: 20).But(h => h with
        {
            Disturbances = [new(Story.At(0.7), "kill -9 of the process"), new(Story.At(30), "kill -9 of the process")],
            Requests = h.Requests.Add(h.Requests[0] with { AskedAt = Story.At(0.8), AnsweredAt = null, Answer = new ClientAnswer.None() }),
            Events = h.Events.SetItem(0, h.Events[0] with { At = Story.At(1) }),
        });

        Assert.Equal(
            """
            a of acme/d1 to 5511999990001@s.whatsapp.net, position 1: Delivered, was uncertain
              stored as Queued, Dispatching, Uncertain, Queued, Dispatching, Sent, Delivered
              10:00:00.000  client    asks acme/d1 to send hello a to 5511999990001@s.whatsapp.net, key k
              10:00:00.100  row       accepted, due at 10:00:00.100
              10:00:00.100  timeline  Accepted by Api, attempt 0
              10:00:00.100  store     stored under epoch 7, current is 7
              10:00:00.200  timeline  Claimed by Device, attempt 1
              10:00:00.600  client    is told that a is accepted, and Queued
              10:00:00.700  world     kill -9 of the process
              10:00:00.800  client    asks acme/d1 to send hello a to 5511999990001@s.whatsapp.net, key k; it never had an answer
              10:00:01.000  timeline  Uncertain by Device, attempt 1
              10:00:01.000  outbox    w1 #1 message.uncertain (a-0)
              10:00:03.000  timeline  NotSent by Network, attempt 1
              10:00:04.000  timeline  Claimed by Device, attempt 2
              10:00:04.400  network   acme/d1 begins to hand it over
              10:00:04.500  network   takes it from acme/d1 for 5511999990001@s.whatsapp.net, as its no. 1
              10:00:04.600  network   has answered
              10:00:05.000  timeline  Sent by Device, attempt 2
              10:00:06.000  timeline  Delivered by Network, attempt 2
              10:00:06.000  receipt   Delivered, acknowledged
              10:00:10.000  webhook   w1 takes message.uncertain (a-0)
              10:00:10.000  webhook   w1 takes message.sent (a-1)
              10:00:10.000  webhook   w1 takes message.delivered (a-2)
                            outbox    w1 #2 message.sent (a-1)
                            outbox    w1 #3 message.delivered (a-2)

            """,
            MessageHistory.Describe(history, "a"));
    }

    [Fact]
    public void A_later_day_is_named()
    {
        var story = MessageHistory.Describe(new Story().Message("a").But(h => h with { Receipts = [new(Story.At(2 * 86_400), "a", Domain.Delivery.DeliveryStage.Read)] }), "a");

        Assert.Contains("\n        10:00:00.000  client ", story);
        Assert.Contains("\n  day 3 10:00:00.000  receipt   Read, acknowledged\n", story);
    }

    [Fact]
    public void A_message_without_a_row_has_a_story_too()
    {
        var history = new Story().Message("a").But(h => h with { HandOvers = h.HandOvers.Add(Story.TakenAt("stranger", 5)) });

        Assert.StartsWith("stranger has no row\n", MessageHistory.Describe(history, "stranger"));
        Assert.Equal("nobody has no row\n", MessageHistory.Describe(history, "nobody"));
    }
}

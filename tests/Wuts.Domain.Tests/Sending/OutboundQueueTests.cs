using Wuts.Domain.Sending;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Sending;

public sealed class OutboundQueueTests
{
    [Fact]
    public void An_empty_queue_has_nothing_to_do()
    {
        Assert.True(OutboundQueue.Empty.IsEmpty);
        Assert.Equal(new NextDispatch.Idle(), OutboundQueue.Empty.Next(T0));
    }

    [Fact]
    public void What_is_due_first_goes_first_whatever_its_position()
    {
        var queue = Queue(Queued("a", "x", 1, dueIn: 30), Queued("b", "y", 2, dueIn: 10), Queued("c", "z", 3, dueIn: 20));

        Assert.Equal(new NextDispatch.At(T0.AddSeconds(10)), queue.Next(T0));
        Assert.Equal(["b", "c", "a"], Drain(queue, T0.AddSeconds(60)));
    }

    [Fact]
    public void Of_two_due_at_once_the_one_accepted_first_goes_first() =>
        Assert.Equal(["a", "b"], Drain(Queue(Queued("b", "y", 2), Queued("a", "x", 1)), T0));

    [Fact]
    public void A_delayed_message_holds_its_own_chat_and_no_other()
    {
        var queue = Queue(Queued("a1", "a", 1, dueIn: 60), Queued("a2", "a", 2), Queued("b", "b", 3));

        Assert.Equal(["b"], Drain(queue, T0));
        Assert.Equal(["b", "a1", "a2"], Drain(queue, T0.AddSeconds(60)));
    }

    [Fact]
    public void A_message_that_is_not_durable_yet_holds_its_own_chat_and_no_other()
    {
        var queue = OutboundQueue.Empty.Reserve(Queued("a1", "a", 1)).Add(Queued("a2", "a", 2)).Add(Queued("b", "b", 3));

        Assert.Equal(["b"], Drain(queue, T0));
        Assert.Equal(["a1", "a2", "b"], Drain(queue.Admit("a1"), T0));
        Assert.Equal(["a2", "b"], Drain(queue.Remove("a1"), T0));
    }

    [Fact]
    public void A_message_that_turns_up_late_takes_its_place_before_one_in_flight()
    {
        var queue = Queue(Queued("a2", "a", 2), Queued("b", "b", 3)).Begin("a2");
        Assert.True(queue.IsFirstInChat("a2"));

        queue = queue.Add(Queued("a1", "a", 1));

        Assert.False(queue.IsFirstInChat("a2"));
        Assert.True(queue.IsFirstInChat("b"));
        Assert.False(queue.IsFirstInChat("nobody"));
    }

    [Fact]
    public void A_retried_message_holds_its_own_chat_and_no_other()
    {
        var queue = Queue(Queued("a1", "a", 1), Queued("a2", "a", 2), Queued("b", "b", 3)).Begin("a1").Retry("a1", T0.AddSeconds(60), attempts: 1);

        Assert.Null(queue.InFlight);
        Assert.Equal(["b"], Drain(queue, T0));
        Assert.Equal(["b", "a1", "a2"], Drain(queue, T0.AddSeconds(60)));
    }

    [Fact]
    public void A_message_whose_outcome_is_unknown_holds_its_own_chat_until_it_is_settled()
    {
        var queue = Queue(Queued("a1", "a", 1), Queued("a2", "a", 2), Queued("b", "b", 3)).Begin("a1").HoldBack("a1");

        Assert.Null(queue.InFlight);
        Assert.Equal(["b"], Drain(queue, T0));
        Assert.Equal(["a1", "a2", "b"], Drain(queue.Retry("a1", T0, attempts: 1), T0));
        Assert.Equal(["a2", "b"], Drain(queue.Remove("a1"), T0));
    }

    [Fact]
    public void A_retry_keeps_the_count_of_its_attempts() =>
        Assert.Equal(2, Queue(Queued("a", "a", 1)).Begin("a").Retry("a", T0, attempts: 2).Find("a")!.Attempts);

    [Fact]
    public void While_one_is_in_flight_nothing_else_leaves()
    {
        var queue = Queue(Queued("a", "a", 1), Queued("b", "b", 2)).Begin("a");

        Assert.Equal("a", queue.InFlight);
        Assert.Equal(new NextDispatch.Idle(), queue.Next(T0));
        Assert.Throws<InvalidOperationException>(() => queue.Begin("b"));
        Assert.Throws<InvalidOperationException>(() => queue.Begin("a"));
    }

    [Fact]
    public void What_is_not_queued_cannot_begin() => Assert.Throws<InvalidOperationException>(() => OutboundQueue.Empty.Begin("a"));

    [Fact]
    public void An_id_that_is_in_already_changes_nothing()
    {
        var queue = Queue(Queued("a", "a", 1));

        Assert.Same(queue, queue.Add(Queued("a", "b", 2)));
        Assert.Same(queue, queue.Reserve(Queued("a", "a", 1)));
        Assert.Same(queue, queue.Admit("a"));
    }

    [Fact]
    public void An_id_that_is_not_in_changes_nothing()
    {
        var queue = Queue(Queued("a", "a", 1));

        Assert.Same(queue, queue.Admit("x"));
        Assert.Same(queue, queue.Retry("x", T0, attempts: 1));
        Assert.Same(queue, queue.HoldBack("x"));
        Assert.Same(queue, queue.Remove("x"));
        Assert.False(queue.Contains("x"));
        Assert.Null(queue.Find("x"));
    }

    [Fact]
    public void An_estimate_counts_the_typing_of_what_goes_before()
    {
        var queue = Queue(Queued("a", "a", 1, typing: 3), Queued("b", "b", 2, typing: 4), Queued("c", "c", 3, typing: 5), Queued("late", "d", 4, dueIn: 100, typing: 2));

        Assert.Equal(T0.AddSeconds(3), queue.EstimateDeparture("a", T0));
        Assert.Equal(T0.AddSeconds(12), queue.EstimateDeparture("c", T0));
        Assert.Equal(T0.AddSeconds(102), queue.EstimateDeparture("late", T0));
    }

    [Fact]
    public void An_estimate_waits_for_what_holds_the_chat()
    {
        var queue = Queue(Queued("a1", "a", 1, dueIn: 60, typing: 3), Queued("a2", "a", 2, typing: 3));

        Assert.True(queue.EstimateDeparture("a2", T0) >= T0.AddSeconds(63));
    }

    [Fact]
    public void Beyond_256_messages_an_estimate_counts_the_chats_that_go_before()
    {
        var queue = Enumerable.Range(1, 300).Aggregate(
            OutboundQueue.Empty, (queue, i) => queue.Add(Queued($"m{i}", $"c{i}", i, typing: 1)).Add(Queued($"later{i}", $"d{i}", 1000 + i, dueIn: 86_400, typing: 1)));

        Assert.Equal(T0.AddSeconds(1), queue.EstimateDeparture("m1", T0));
        Assert.Equal(T0.AddSeconds(300), queue.EstimateDeparture("m300", T0));
        Assert.Equal(T0.AddSeconds(299), queue.Remove("m150").EstimateDeparture("m300", T0));
        Assert.Equal(T0.AddSeconds(300), queue.Begin("m1").EstimateDeparture("m300", T0));
    }

    [Fact]
    public void Beyond_256_messages_a_chat_that_goes_before_counts_as_the_average()
    {
        var queue = Enumerable.Range(1, 400).Aggregate(OutboundQueue.Empty, (queue, i) => queue.Add(Queued($"m{i}", $"c{i % 100}", i, typing: 1)));

        Assert.Equal(T0.AddSeconds(400), queue.Add(Queued("last", "last", 401)).EstimateDeparture("last", T0));
    }

    private static OutboundQueue Queue(params QueuedMessage[] messages) =>
        messages.Aggregate(OutboundQueue.Empty, (queue, message) => queue.Add(message));

    private static QueuedMessage Queued(string id, string chat, long position, int dueIn = 0, int typing = 0) =>
        new(id, chat, position, T0.AddSeconds(dueIn), TimeSpan.FromSeconds(typing));

    private static List<string> Drain(OutboundQueue queue, DateTimeOffset now)
    {
        var left = new List<string>();
        while (queue.Next(now) is NextDispatch.Now { Message.Id: var id })
        {
            left.Add(id);
            queue = queue.Begin(id).Remove(id);
        }

        return left;
    }
}

using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Sending;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Sending;

/// <summary>The queue against the plainest thing that keeps its promises: a list, searched whole each time.</summary>
public sealed class OutboundQueueModelTests
{
    private const int LongestDelay = 5;
    private static readonly string[] Chats = ["a", "b", "c"];

    private static readonly Gen<Step> AnyStep =
        from kind in Gen.Frequency(
            (3, Gen.Constant(StepKind.Add)), (2, Gen.Constant(StepKind.Reserve)), (2, Gen.Constant(StepKind.Admit)), (4, Gen.Constant(StepKind.Begin)),
            (2, Gen.Constant(StepKind.Retry)), (1, Gen.Constant(StepKind.HoldBack)), (3, Gen.Constant(StepKind.Remove)), (3, Gen.Constant(StepKind.Wait)),
            (1, Gen.Constant(StepKind.GiveWay)))
        from pick in Gen.Choose(0, 1000)
        from chat in Gen.Elements(Chats)
        from seconds in Gen.Choose(0, LongestDelay)
        from category in Gen.Elements(Enum.GetValues<Category>())
        select new Step(kind, pick, chat, seconds, category);

    [Fact]
    public void It_does_what_the_model_does() => Law.ForAll(Sequences.Of(AnyStep), steps => Run(steps, (queue, model) =>
    {
        Assert.Equal(model.Next(), queue.Next(model.Now));
        Assert.Equal((model.Messages.Count, model.Messages.Count == 0, model.InFlight), (queue.Count, queue.IsEmpty, queue.InFlight));
        Assert.All(model.Messages, m => Assert.Equal(m.Message, queue.Find(m.Message.Id)));
    }));

    [Fact]
    public void What_leaves_is_the_oldest_of_its_chat_durable_and_due_and_nothing_else_is_in_flight() =>
        Law.ForAll(Sequences.Of(AnyStep), steps => Run(steps, (queue, model) =>
        {
            if (queue.Next(model.Now) is NextDispatch.Now { Message: var next })
            {
                Assert.Null(queue.InFlight);
                Assert.True(next.ReadyAt <= model.Now);
                Assert.True(model.Messages.Single(m => m.Message.Id == next.Id).Admitted);
                Assert.DoesNotContain(model.Messages, m => m.Message.ChatJid == next.ChatJid && m.Message.Position < next.Position);
            }
        }));

    [Fact]
    public void An_estimate_is_never_before_a_messages_own_time_and_typing() =>
        Law.ForAll(Sequences.Of(AnyStep), steps => Run(steps, (queue, model) => Assert.All(model.Messages, m =>
        {
            var ready = m.Message.ReadyAt > model.Now ? m.Message.ReadyAt : model.Now;
            Assert.True(queue.EstimateDeparture(m.Message.Id, model.Now) >= ready + m.Message.Typing);
        })), runs: 50);

    [Fact]
    public void A_queue_never_changes() => Law.ForAll(Sequences.Of(AnyStep), steps =>
    {
        var model = new Model();
        var queue = OutboundQueue.Empty;
        foreach (var step in steps)
        {
            var now = model.Now;
            var before = (queue.Next(now), queue.Count, queue.InFlight);
            var next = model.Do(step, queue);
            Assert.Equal(before, (queue.Next(now), queue.Count, queue.InFlight));
            queue = next;
        }
    });

    [Fact]
    public void Rebuilt_in_any_order_it_is_the_same_queue() => Law.ForAll(
        from steps in Gen.ArrayOf(AnyStep)
        let messages = steps.Select((step, i) => Message(step, i)).ToArray()
        from shuffled in Gen.Shuffle(messages)
        select (messages, shuffled),
        orders => Assert.Equal(Departures(orders.messages), Departures(orders.shuffled)),
        runs: 100);

    private static void Run(Step[] steps, Action<OutboundQueue, Model> rule)
    {
        var model = new Model();
        var queue = OutboundQueue.Empty;
        foreach (var step in steps)
        {
            queue = model.Do(step, queue);
            rule(queue, model);
        }
    }

    private static List<string> Departures(IEnumerable<QueuedMessage> messages)
    {
        var queue = messages.Aggregate(OutboundQueue.Empty, (queue, message) => queue.Add(message));
        var left = new List<string>();
        for (var now = T0; now <= T0.AddSeconds(LongestDelay); now = now.AddSeconds(1))
        {
            while (queue.Next(now) is NextDispatch.Now { Message.Id: var id })
            {
                left.Add(id);
                queue = queue.Begin(id).Remove(id);
            }
        }

        Assert.True(queue.IsEmpty, "A message that was due did not leave.");
        return left;
    }

    private static QueuedMessage Message(Step step, int number) =>
        new($"m{number}", step.Chat, number, T0.AddSeconds(step.Seconds), TimeSpan.FromSeconds(step.Pick % 4), Category: step.Category);

    private enum StepKind
    {
        Add,
        Reserve,
        Admit,
        Begin,
        Retry,
        HoldBack,
        Remove,
        Wait,
        GiveWay,
    }

    private sealed record Step(StepKind Kind, int Pick, string Chat, int Seconds, Category Category);

    /// <summary>Does each step to itself and to a queue.</summary>
    private sealed class Model
    {
        private int _accepted;
        private double _now;
        private Dictionary<Lane, double> _ends = Enum.GetValues<Lane>().ToDictionary(lane => lane, _ => 0d);
        private (double Now, Dictionary<Lane, double> Ends) _before;

        public List<(QueuedMessage Message, bool Admitted)> Messages { get; } = [];

        public DateTimeOffset Now { get; private set; } = T0;

        public string? InFlight { get; private set; }

        public NextDispatch Next()
        {
            var heads = Messages.GroupBy(m => m.Message.ChatJid).Select(chat => chat.MinBy(m => m.Message.Position)).Where(head => head.Admitted);
            var waiting = heads.Select(head => head.Message).OrderBy(ReadyAt).ThenBy(m => Urgent(m.ChatJid).Position).ToArray();
            if (InFlight is not null || waiting.Length == 0)
            {
                return new NextDispatch.Idle();
            }

            var next = waiting.Where(m => ReadyAt(m) <= Now).OrderBy(m => Start(LaneOf(m.ChatJid))).ThenBy(m => LaneOf(m.ChatJid)).FirstOrDefault();
            return next is not null ? new NextDispatch.Now(next) : new NextDispatch.At(ReadyAt(waiting[0]));
        }

        public OutboundQueue Do(Step step, OutboundQueue queue)
        {
            var picked = Messages.Count == 0 ? -1 : step.Pick % Messages.Count;
            switch (step.Kind)
            {
                case StepKind.Add:
                    Messages.Add((Message(step, _accepted++) with { AcceptedAt = Now }, true));
                    return queue.Add(Messages[^1].Message);
                case StepKind.Reserve:
                    Messages.Add((Message(step, _accepted++) with { AcceptedAt = Now }, false));
                    return queue.Reserve(Messages[^1].Message);
                case StepKind.Admit when picked >= 0:
                    Messages[picked] = Messages[picked] with { Admitted = true };
                    return queue.Admit(Messages[picked].Message.Id);
                case StepKind.Begin when Next() is NextDispatch.Now { Message: var next }:
                    InFlight = next.Id;
                    _before = (_now, new(_ends));
                    var lane = LaneOf(next.ChatJid);
                    _now = Start(lane);
                    _ends[lane] = _now + 1d / LaneWeights.Default[lane];
                    return queue.Begin(next.Id);
                case StepKind.GiveWay when InFlight is { } leaving:
                    InFlight = null;
                    (_now, _ends) = _before;
                    return queue.GiveWay(leaving);
                case StepKind.Retry when picked >= 0:
                    var again = Messages[picked].Message with { ReadyAt = Now.AddSeconds(step.Seconds), Attempts = step.Seconds };
                    Messages[picked] = (again, true);
                    Landed(again.Id);
                    return queue.Retry(again.Id, again.ReadyAt, again.Attempts);
                case StepKind.HoldBack when picked >= 0:
                    Messages[picked] = Messages[picked] with { Admitted = false };
                    Landed(Messages[picked].Message.Id);
                    return queue.HoldBack(Messages[picked].Message.Id);
                case StepKind.Remove when picked >= 0:
                    var gone = Messages[picked].Message.Id;
                    Messages.RemoveAt(picked);
                    Landed(gone);
                    return queue.Remove(gone);
                case StepKind.Wait:
                    Now = Now.AddSeconds(step.Seconds);
                    return queue;
                default:
                    return queue;
            }
        }

        private double Start(Lane lane) => Math.Max(_now, _ends[lane]);

        private Lane LaneOf(string chat) => Lanes.Of(Urgent(chat).Category);

        private QueuedMessage Urgent(string chat) => Messages.Where(m => m.Message.ChatJid == chat && m.Admitted)
            .Select(m => m.Message).OrderBy(m => Lanes.Of(m.Category)).ThenBy(m => m.Position).First();

        private DateTimeOffset ReadyAt(QueuedMessage head) =>
            Urgent(head.ChatJid) is var urgent && urgent != head && urgent.AcceptedAt > head.ReadyAt ? urgent.AcceptedAt : head.ReadyAt;

        private void Landed(string id) => InFlight = InFlight == id ? null : InFlight;
    }
}

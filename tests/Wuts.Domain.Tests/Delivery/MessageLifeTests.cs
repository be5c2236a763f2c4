using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Delivery;

/// <summary>Rules that hold in every life of a message, whatever its device and the network do, and in whatever order.</summary>
public sealed class MessageLifeTests
{
    private static readonly Gen<Step> AnyStep = Gen.OneOf<Step>(
        from epoch in Gen.Choose(1, 3)
        from at in Gen.Choose(0, 100)
        select (Step)new Claim(epoch, T0.AddSeconds(at)),
        from epoch in Gen.Choose(1, 3)
        from attempt in Gen.Choose(1, 4)
        from outcome in AnyOutcome()
        select (Step)new Record(epoch, attempt, outcome),
        from outcome in AnyOutcome()
        select (Step)new RecordCurrent(outcome),
        from first in AnyEvent
        from second in AnyEvent
        select (Step)new Apply([first, second]),
        Gen.Elements<Step>(new Flag(), new Abandon()));

    [Fact]
    public void Every_change_raises_the_version_by_one_and_no_change_touches_the_envelope() => EveryChange((before, after, _) =>
    {
        Assert.Equal(before.Version + 1, after.Message.Version);
        Assert.Same(before.Envelope, after.Message.Envelope);
    });

    [Fact]
    public void Every_change_leaves_a_line() => EveryChange((_, after, _) => Assert.NotEmpty(after.Timeline));

    [Fact]
    public void Evidence_never_regresses_and_outweighs_whatever_the_device_records() => EveryChange((before, after, _) =>
    {
        Assert.True((after.Message.Delivery.State ?? 0) >= (before.Delivery.State ?? 0));
        Assert.True(after.Message.Delivery.State is null || after.Message.State == after.Message.Delivery.State);
        Assert.All(Enum.GetValues<DeliveryStage>(), stage => Assert.True(
            before.Delivery.At(stage) is not { } known || after.Message.Delivery.At(stage) <= known));
    });

    [Fact]
    public void Attempts_are_counted_by_claims_alone_and_only_while_it_is_queued() => EveryChange((before, after, step) =>
    {
        Assert.Equal(before.Attempt + (step is Claim ? 1 : 0), after.Message.Attempt);
        Assert.True(step is not Claim || (before.State == MessageState.Queued && before.Delivery == MessageDelivery.None));
    });

    [Fact]
    public void The_epoch_never_falls() => EveryChange((before, after, _) => Assert.True(after.Message.Epoch >= before.Epoch));

    [Fact]
    public void The_same_evidence_again_is_no_news() => EveryChange((_, after, step) =>
        Assert.True(step is not Apply apply || after.Message.Apply(apply.Events) is null));

    [Theory]
    [InlineData(WebhookEvents.MessageSent)]
    [InlineData(WebhookEvents.MessageFailed)]
    [InlineData(WebhookEvents.MessageDelivered)]
    [InlineData(WebhookEvents.MessageRead)]
    [InlineData(WebhookEvents.MessagePlayed)]
    public void A_stage_is_told_once(string type) => Law.ForAll(Sequences.Of(AnyStep), steps =>
        Assert.True(Live(steps).SelectMany(change => change.After.Events).Count(@event => @event.Type == type) <= 1));

    [Fact]
    public void Whatever_is_reached_is_told() => Law.ForAll(Sequences.Of(AnyStep), steps =>
    {
        var changes = Live(steps).ToArray();
        var told = changes.SelectMany(change => change.After.Events).Select(@event => @event.Type).ToHashSet();
        var delivery = changes.Length == 0 ? MessageDelivery.None : changes[^1].After.Message.Delivery;
        Assert.All(Enum.GetValues<DeliveryStage>(), stage => Assert.True(delivery.At(stage) is null || told.Contains(WebhookEvents.Of(stage))));
    });

    private static Gen<DispatchOutcome> AnyOutcome() => Gen.Elements<DispatchOutcome>(
        new DispatchOutcome.Accepted("wamid.1", T0.AddSeconds(3)),
        new DispatchOutcome.Retry(Busy, T0.AddSeconds(30)),
        new DispatchOutcome.Failed(Undeliverable),
        new DispatchOutcome.Unknown("no answer"),
        new DispatchOutcome.NotTaken(),
        new DispatchOutcome.LeftUncertain());

    private static void EveryChange(Action<Message, Transition, Step> rule) => Law.ForAll(Sequences.Of(AnyStep), steps =>
    {
        foreach (var (before, after, step) in Live(steps))
        {
            rule(before, after, step);
        }
    });

    private static IEnumerable<(Message Before, Transition After, Step Step)> Live(IEnumerable<Step> steps)
    {
        var message = Queued();
        foreach (var step in steps)
        {
            if (step.Do(message) is { } change)
            {
                yield return (message, change, step);
                message = change.Message;
            }
        }
    }

    private abstract record Step
    {
        public abstract Transition? Do(Message message);
    }

    private sealed record Claim(long Epoch, DateTimeOffset At) : Step
    {
        public override Transition? Do(Message message) => message.Claim(Epoch, At);
    }

    private sealed record Record(long Epoch, int Attempt, DispatchOutcome Outcome) : Step
    {
        public override Transition? Do(Message message) => message.Record(Epoch, Attempt, Outcome, T0.AddSeconds(50));
    }

    private sealed record RecordCurrent(DispatchOutcome Outcome) : Step
    {
        public override Transition? Do(Message message) => message.TryRecord(Outcome);
    }

    private sealed record Apply(DeliveryEvent[] Events) : Step
    {
        public override Transition? Do(Message message) => message.Apply(Events);

        public override string ToString() => $"Apply {string.Join(", ", Events.Select(e => $"{e.Stage} at {e.At:ss}"))}";
    }

    private sealed record Abandon : Step
    {
        public override Transition? Do(Message message) => message.Abandon(Undeliverable, T0.AddSeconds(60));
    }

    private sealed record Flag : Step
    {
        public override Transition? Do(Message message) => message.FlagOverdue(T0.AddDays(1));
    }
}

using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

/// <summary>Whatever the domain's own rules let a message go through, the checker has nothing against it.</summary>
public sealed class DomainLivesTests
{
    [Fact]
    public void Every_life_that_the_rules_allow_is_healthy()
    {
        for (var seed = 1; seed <= 2000; seed++)
        {
            var history = new Life(new Random(seed)).Lived();
            var violations = Checker.CheckSoFar(history);
            Assert.True(violations.IsEmpty, $"seed {seed}: {string.Join("; ", violations)}\n{MessageHistory.Describe(history, "a")}");
        }
    }

    /// <summary>One message, a network that answers truly or not at all, and receipts of all kinds in any order.</summary>
    private sealed class Life(Random chance)
    {
        private static readonly Failure Refusal = new("refused", FailureClass.Transient, Retryable: true, "Not now.");

        private readonly List<Transition> _transitions = [];
        private readonly List<HandOver> _handOvers = [];
        private readonly List<AcknowledgedReceipt> _receipts = [];
        private readonly HashSet<int> _taken = [];
        private DateTimeOffset _now = Story.At(0);

        private Message Message => _transitions[^1].Message;

        public History Lived()
        {
            _transitions.Add(Message.Accept(Envelope(), epoch: 1, claim: chance.Next(2) == 0));
            for (var step = 0; step < 30; step++)
            {
                _now = _now.AddSeconds(1);
                if (Step() is { } transition)
                {
                    _transitions.Add(transition);
                }
            }

            return History();
        }

        private Transition? Step()
        {
            switch (chance.Next(6))
            {
                case 0:
                    return Message.Claim(epoch: 1, _now);
                case 1 when Message.Dispatch == MessageState.Dispatching && _taken.Add(Message.Attempt):
                    _handOvers.Add(new(_now, "acme", "d1", Story.Chat, "a"));
                    return null;
                case 2 or 3:
                    return Message.Record(1, Message.Attempt, Outcome(), _now);
                case 4 when _handOvers.Count > 0:
                    var stage = (DeliveryStage)chance.Next(5);
                    _receipts.Add(new(_now, "a", stage));
                    return Message.Apply([new(stage, _now.AddSeconds(-chance.Next(3)), stage == DeliveryStage.Failed ? Refusal : null)]);
                case 5 when chance.Next(8) == 0:
                    return chance.Next(2) == 0 ? Message.FlagOverdue(_now) : Message.Abandon(Refusal, _now);
                default:
                    return null;
            }
        }

        // The network never saw what it did not take; that it took something it may have forgotten.
        private DispatchOutcome Outcome() => chance.Next(5) switch
        {
            0 => new DispatchOutcome.Unknown("No answer."),
            1 when Message.Dispatch == MessageState.Uncertain => new DispatchOutcome.NotTaken(),
            2 when Message.Dispatch == MessageState.Uncertain => new DispatchOutcome.LeftUncertain(),
            _ when _taken.Contains(Message.Attempt) => new DispatchOutcome.Accepted("a", _now),
            3 => new DispatchOutcome.Failed(Refusal),
            _ => new DispatchOutcome.Retry(Refusal, _now),
        };

        private History History() => new Story().Message("a").But(h => h with
        {
            Requests = [h.Requests[0] with { AnsweredAt = null, Answer = new ClientAnswer.None() }],
            HandOvers = [.. _handOvers],
            Receipts = [.. _receipts],
            Messages =
            [
                h.Messages[0] with
                {
                    AcceptedAt = Story.At(0),
                    DueAt = Story.At(0),
                    State = Message.State,
                    WasUncertain = Message.UncertainAt is not null,
                    IsOverdue = Message.OverdueAt is not null,
                    Timeline = [.. _transitions.SelectMany(t => t.Timeline)],
                    States = [.. _transitions.Select(t => t.Message.State)],
                },
            ],
            Events = [.. _transitions.SelectMany(t => t.Events).Select((e, i) => new StoredEvent("w1", i + 1, e.Type, "a", $"a-{i}", Expected: true, IsDead: false))],
            WebhookTries = [],
        });

        private static MessageEnvelope Envelope() => new()
        {
            Id = "a",
            TenantId = "acme",
            DeviceId = "d1",
            UserId = "u1",
            ChatJid = Story.Chat,
            Content = new TextContent("hello", []),
            Fingerprint = "f",
            AcceptedAt = Story.At(0),
            DueAt = Story.At(0),
            Typing = TimeSpan.Zero,
            Position = 1,
        };
    }
}

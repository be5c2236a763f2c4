using System.Diagnostics;
using System.Diagnostics.Metrics;
using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Telemetry;

namespace Wuts.Grains.Messages;

/// <summary>
/// What became of messages, counted by the process that stored it, when it was stored. A write whose outcome stayed unknown is not in
/// here: the exact figures are in the database, in <c>message_counts</c>.
/// </summary>
internal sealed class MessageMetrics
{
    private const string Unit = "{message}";

    private readonly TenantTag _tenants;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _dispatched;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _overdue;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _read;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _uncertain;
    private readonly Counter<long> _duplicates;
    private readonly Histogram<double> _delivery;

    public MessageMetrics(IMeterFactory meters, TenantTag tenants)
    {
        _tenants = tenants;
        var meter = meters.Create("Wuts");
        _accepted = meter.CreateCounter<long>("wuts.messages.accepted", Unit, "Messages accepted, which is: stored.");
        _dispatched = meter.CreateCounter<long>("wuts.messages.dispatched", Unit, "Attempts to hand a message to the network, claimed.");
        _retried = meter.CreateCounter<long>("wuts.messages.retried", Unit, "Attempts that the network refused for a passing reason.");
        _sent = meter.CreateCounter<long>("wuts.messages.sent", Unit, "Messages that the network took.");
        _delivered = meter.CreateCounter<long>("wuts.messages.delivered", Unit, "Messages that reached their recipient's phone.");
        _read = meter.CreateCounter<long>("wuts.messages.read", Unit, "Messages that were read.");
        _failed = meter.CreateCounter<long>("wuts.messages.failed", Unit, "Messages that failed for good, by the class of the failure.");
        _rejected = meter.CreateCounter<long>("wuts.messages.rejected", Unit, "Messages that a rule of ours refused before they left, by the class of the failure.");
        _uncertain = meter.CreateCounter<long>("wuts.messages.uncertain", Unit, "Attempts of which nobody knew whether the message left.");
        _overdue = meter.CreateCounter<long>("wuts.messages.overdue", Unit, "Messages flagged because no receipt, or no evidence, came in time.");
        _duplicates = meter.CreateCounter<long>("wuts.receipts.duplicates", "{receipt}", "Receipts that brought no news.");
        _delivery = meter.CreateHistogram(
            "wuts.delivery.latency", "s", "From the acceptance of a message to its delivery on the phone.", tags: null, Buckets.Waits);
    }

    /// <summary>Counts what was just stored.</summary>
    public void Stored(Transition transition)
    {
        var envelope = transition.Message.Envelope;
        var tags = _tenants.TagsOf(envelope.TenantId);
        foreach (var entry in transition.Timeline)
        {
            CounterOf(entry.Kind)?.Add(1, tags);
        }

        // A stage has an event only when it is reached first, while its line may be written again with a better time.
        foreach (var @event in transition.Events)
        {
            Count(transition.Message, @event, tags);
        }
    }

    /// <summary>Counts receipts that told nothing new.</summary>
    public void Repeated(int receipts)
    {
        if (receipts > 0)
        {
            _duplicates.Add(receipts);
        }
    }

    private Counter<long>? CounterOf(TimelineKind kind) => kind switch
    {
        TimelineKind.Accepted => _accepted,
        TimelineKind.Claimed => _dispatched,
        TimelineKind.RetryScheduled => _retried,
        TimelineKind.Overdue => _overdue,
        _ => null,
    };

    private void Count(Message message, WebhookEvent @event, TagList tags)
    {
        switch (@event.Type)
        {
            case WebhookEvents.MessageSent:
                _sent.Add(1, tags);
                break;
            case WebhookEvents.MessageDelivered:
                _delivered.Add(1, tags);
                _delivery.Record(Math.Max(0, (@event.At - message.Envelope.AcceptedAt).TotalSeconds));
                break;
            case WebhookEvents.MessageRead:
                _read.Add(1, tags);
                break;
            case WebhookEvents.MessageUncertain:
                _uncertain.Add(1, tags);
                break;
            case WebhookEvents.MessageRejected:
                tags.Add("wuts.failure.class", NameOf(message.LastFailure?.Class));
                _rejected.Add(1, tags);
                break;
            case WebhookEvents.MessageFailed:
                tags.Add("wuts.failure.class", NameOf((message.Delivery.Failure ?? message.LastFailure)?.Class));
                _failed.Add(1, tags);
                break;
            default:
                break;
        }
    }

    private static string NameOf(FailureClass? value) => value switch
    {
        FailureClass.Template => "template",
        FailureClass.Consent => "consent",
        FailureClass.Quality => "quality",
        FailureClass.Account => "account",
        FailureClass.Session => "session",
        FailureClass.Recipient => "recipient",
        FailureClass.Content => "content",
        FailureClass.Policy => "policy",
        _ => "transient",
    };
}

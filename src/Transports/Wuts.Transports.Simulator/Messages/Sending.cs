using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Links;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator.Messages;

/// <summary>Messages from devices into the network.</summary>
internal sealed class Sending(NetworkCore core, Receipts receipts, Reactions reactions)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private static readonly Failure Throttled = new(
        FailureCodes.Throttled, FailureClass.Transient, Retryable: true, "WhatsApp asked us to send more slowly. The message will be tried again.");

    private static readonly Failure NotOnWhatsApp = new(
        "not_on_whatsapp", FailureClass.Recipient, Retryable: false, "The recipient's number is not on WhatsApp.");

    private readonly UnderWay<MessageKey> _underWay = new();

    public async Task<SendOutcome> SendAsync(
        DeviceKey device, OutboundMessage message, string? connection, CancellationToken cancellationToken)
    {
        Flight flight;
        TimeSpan patience;
        lock (core.Gate)
        {
            if (core.State.Links.FindLive(device, connection) is not { } link)
            {
                return new SendOutcome.NotConnected();
            }

            flight = new Flight(link, connection, message, core.Chance.DrawFate(core.Faults));
            patience = TimeSpan.FromMilliseconds(core.Faults.SendTimeoutMs);
            _underWay.Begin(flight.Key);
        }

        // Once it is under way nothing calls it back, the caller's giving up least of all: it may arrive long after.
        var carried = CarryAsync(flight);
        var latency = flight.Fate.Latency;
        if (latency < patience)
        {
            var outcome = await carried.WaitAsync(cancellationToken);
            if (!flight.Fate.AnswerLost || outcome is not SendOutcome.Accepted)
            {
                return outcome;
            }
        }

        await Task.Delay(latency < patience ? patience - latency : patience, core.Clock, cancellationToken);
        return new SendOutcome.Unknown($"no answer within {patience.TotalMilliseconds:0} ms");
    }

    public async Task<SendEvidence> LookUpAsync(DeviceKey device, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task? underWay = null;
            lock (core.Gate)
            {
                var numbers = core.State.Links.NumbersOf(device);
                if (numbers.Count == 0)
                {
                    return new SendEvidence.Silent();
                }

                foreach (var key in numbers.Select(n => new MessageKey(n, id)))
                {
                    underWay ??= _underWay.Find(key);
                    if (underWay is null && core.State.Accepted.TryGetValue(key, out var at))
                    {
                        return new SendEvidence.Taken(at);
                    }
                }

                if (underWay is null)
                {
                    return new SendEvidence.NotTaken();
                }
            }

            await underWay.WaitAsync(cancellationToken);
        }
    }

    private async Task<SendOutcome> CarryAsync(Flight flight)
    {
        try
        {
            if (flight.Fate.Latency > TimeSpan.Zero)
            {
                await Task.Delay(flight.Fate.Latency, core.Clock);
            }

            SendOutcome outcome;
            long seq;
            lock (core.Gate)
            {
                outcome = Arrive(flight);
                seq = core.Log.LastSeq;
            }

            await core.Log.WrittenAsync(seq);
            return outcome;
        }
        finally
        {
            lock (core.Gate)
            {
                _underWay.End(flight.Key);
            }
        }
    }

    private SendOutcome Arrive(Flight flight)
    {
        // What is under way when the link changes hands arrives nowhere: once a connect has been answered, nothing of an earlier
        // owner is taken any more. Its sender may be frozen and learn nothing; a look-up waits for the flight to end, so that the
        // new owner never hears "not taken" of something that still comes. The answer is what a broken line would tell.
        if (!flight.Link.IsLiveFor(flight.Connection))
        {
            return new SendOutcome.Unknown("the link went down while the message was under way");
        }

        if (!flight.Fate.Drops)
        {
            return Take(flight);
        }

        if (flight.Fate.TakenBeforeDrop)
        {
            Take(flight);
        }

        core.Record(flight.Tell(LogKind.Dropped) with { Reason = "the connection was lost" });
        return new SendOutcome.Unknown("the connection was lost during the send");
    }

    private SendOutcome Take(Flight flight)
    {
        // First of all: a refusal promises that the message did not leave, and this one did.
        if (core.State.Accepted.TryGetValue(flight.Key, out var takenAt))
        {
            core.Record(flight.Tell(LogKind.Duplicate));
            return new SendOutcome.Accepted(flight.Key.Id, takenAt);
        }

        if (flight.Fate.Throttled)
        {
            return Refuse(flight, Throttled, RetryAfter);
        }

        if (core.Enforcement.TooFast(flight.Key.From) is { } wait)
        {
            return Refuse(flight, Throttled, wait);
        }

        if (core.Reach(flight.To) is not { State.Registered: true } phone)
        {
            return Refuse(flight, NotOnWhatsApp, null);
        }

        if (core.Enforcement.Forbids(flight.Key.From, flight.To) is { } forbidden)
        {
            return Refuse(flight, forbidden.Failure, forbidden.Wait);
        }

        reactions.BeforeMessage(phone, flight.Key.From, flight.Key.Id);
        var blocked = phone.State.Blocks.Contains(flight.Key.From);
        var content = flight.Message.Content;
        var accepted = core.Record(flight.Tell(LogKind.Accepted) with
        {
            Type = content.Kind,
            Text = (content as TextContent)?.Text,
            Blocked = blocked ? true : null,
        });
        if (!blocked)
        {
            receipts.Continue(core.State.Open[flight.Key]);
        }

        return new SendOutcome.Accepted(flight.Key.Id, accepted.At);
    }

    private SendOutcome.Refused Refuse(Flight flight, Failure failure, TimeSpan? retryAfter)
    {
        core.Record(flight.Tell(LogKind.Refused) with { Reason = failure.Code });
        return new SendOutcome.Refused(failure, retryAfter);
    }

    private sealed class Flight(Link link, string? connection, OutboundMessage message, SendFate fate)
    {
        public Link Link { get; } = link;

        public string? Connection { get; } = connection;

        public OutboundMessage Message { get; } = message;

        public SendFate Fate { get; } = fate;

        public MessageKey Key { get; } = new(link.Number, message.ProviderId);

        public string To { get; } = Jid.PhoneOf(message.ChatJid) ?? message.ChatJid;

        public LogEntry Tell(LogKind kind) =>
            new() { Kind = kind, Device = Link.DeviceName, From = Key.From, To = To, Id = Key.Id };
    }
}

using Wuts.Domain.Delivery;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;

namespace Wuts.Grains.Devices;

// A message's place among the strangers of a day, while it is being accepted.
internal sealed partial class DeviceGrain
{
    /// <summary>Decides, before a message is accepted, when the number may write to its recipient, and counts one who is new.</summary>
    private MessageEnvelope Place(MessageEnvelope envelope)
    {
        var chat = envelope.ChatJid;
        if (!Contact.IsPerson(chat))
        {
            return envelope;
        }

        var now = envelope.AcceptedAt;
        EndWarmUpInTime(now);
        var known = _contacts.Find(chat);
        var allowed = Latest(envelope.DueAt, _held.ContainsKey(chat) ? null : ForbiddenUntil(known, envelope.Id, now));
        if (known is not null && !(_contacts.IsVacant(chat) && _queue.InChat(chat).IsEmpty))
        {
            // Should the message that made it a contact fail to be stored, this one stands for it.
            var stands = known.MessageId is { } first && _accepting.ContainsKey(first) ? known : null;
            return allowed == envelope.DueAt && stands is null ? envelope : Placed(allowed, HoldReason.Restricted, stands);
        }

        DateTimeOffset? planned = null;
        if (_warmUp is not null)
        {
            (_warmUp, planned) = Without(_warmUp, known).Plan(allowed, mayWait: envelope.Category != Category.Authentication);
        }

        var contact = new Contact(chat, known?.FirstAt ?? now, planned, ContactOrigin.Outbound, envelope.Id);
        _contacts.Put(contact);
        return Placed(planned ?? allowed, planned > allowed ? HoldReason.WarmUp : HoldReason.Restricted, contact);

        MessageEnvelope Placed(DateTimeOffset notBefore, HoldReason reason, Contact? contact)
        {
            var held = notBefore > envelope.DueAt;
            if (held)
            {
                metrics.Held(reason);
                _held.TryAdd(chat, envelope.Id);
            }

            return envelope with { Placement = new(held ? notBefore : null, held ? reason : null, contact) };
        }
    }

    /// <summary>A message was not stored after all: whom it would have written to is as new as before. Should it turn up, it is planned anew.</summary>
    /// <param name="mayHaveClaim">Whether it may turn up claimed, and so cannot wait any more: then its place is kept.</param>
    private void Unplace(MessageEnvelope envelope, bool mayHaveClaim = false)
    {
        var chat = envelope.ChatJid;
        if (!mayHaveClaim && envelope.Placement?.Contact?.MessageId == envelope.Id && ReachesOut(chat, envelope.Id) && _contacts.Find(chat) is { } contact)
        {
            if (_queue.InChat(chat).All(waiting => waiting.Id == envelope.Id))
            {
                _contacts.Forget(chat);
                _warmUp = _warmUp is null ? null : Without(_warmUp, contact);
            }
            else
            {
                _contacts.Vacate(chat);
            }
        }

        Unhold(chat, envelope.Id);
    }

    /// <summary>
    /// A message was stored before, with what its place was then. While it waits, the one that it has got now counts, and is stored when it is
    /// due; one that came to nothing needs none. Of two calls the first to be answered sees to that.
    /// </summary>
    private void ForgoPlace(MessageEnvelope envelope, Message known)
    {
        if (!_accepting.ContainsKey(envelope.Id) || envelope.Placement?.Contact?.MessageId != envelope.Id)
        {
            return;
        }

        switch (known.State)
        {
            case MessageState.Queued when known.Envelope.Position != envelope.Position: // else it was stored with this place
                _contacts.Vacate(envelope.ChatJid);
                break;

            case MessageState.Rejected:
                Unplace(envelope);
                break;
        }
    }

    private static DateTimeOffset Latest(DateTimeOffset due, DateTimeOffset? until) => until > due ? until.Value : due;
}

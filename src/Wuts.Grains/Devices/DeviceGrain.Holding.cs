using System.Diagnostics.CodeAnalysis;
using Wuts.Domain.Delivery;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;

namespace Wuts.Grains.Devices;

// Messages that wait because of whom they are to, and letting them go.
internal sealed partial class DeviceGrain
{
    /// <summary>Until when the network lets the number not write to somebody.</summary>
    private DateTimeOffset? ForbiddenUntil(Contact? contact, string messageId, DateTimeOffset now)
    {
        contact = contact is not null && _contacts.IsVacant(contact.ChatJid) ? contact with { MessageId = messageId } : contact;
        return _health.Restrictions.IsEmpty ? null : _health.Forbidding(contact, messageId, now)?.Forbids(contact, messageId, now);
    }

    /// <summary>
    /// Reads what the number knows of somebody, where that decides and is not at hand: while the network restricts a number that is
    /// warmed up. Nothing is read for any other.
    /// </summary>
    private async ValueTask LearnContact(string chatJid, string messageId)
    {
        if (!_contacts.IsComplete && Contact.IsPerson(chatJid) && (_contacts.Find(chatJid) is null || ReachesOut(chatJid, messageId))
            && _health.Restrictions.Any(restriction => restriction.Holds(clock.GetUtcNow()))
            && await healthStore.FindContactAsync(_key, chatJid) is { } contact)
        {
            _contacts.Put(contact);
        }
    }

    /// <summary>
    /// Learns whether the number has written to a contact that has not answered: the message that was to do so may have come to nothing, or
    /// never been stored. Then the next message takes its place.
    /// </summary>
    private async ValueTask LearnReach(string chatJid)
    {
        if (!IsReachOpen(chatJid, out var contact))
        {
            return;
        }

        var first = await Message(contact.MessageId!).WaitUntilDispatched(TimeSpan.Zero);
        if (first is { Delivery.State: not null } && first.Envelope.DeviceId == _key.DeviceId)
        {
            _contacts.NoteReached(chatJid);
        }
        else if (_contacts.Find(chatJid) == contact && !_queue.Contains(contact.MessageId!))
        {
            _contacts.Vacate(chatJid);
        }
    }

    /// <summary>Whether it matters whether the number has written to somebody, and is not known.</summary>
    private bool IsReachOpen(string chatJid, [NotNullWhen(true)] out Contact? contact)
    {
        var now = clock.GetUtcNow();
        contact = _contacts.Find(chatJid);
        return contact is { Origin: ContactOrigin.Outbound, MessageId: { } first } && !_contacts.IsReached(chatJid) && !_contacts.IsVacant(chatJid) && !_queue.Contains(first)
            && (_warmUp is not null || _health.Restrictions.Any(restriction => restriction.Holds(now)));
    }

    /// <returns><c>false</c> when it is on its way already: claimed, rejected, or out of the queue.</returns>
    private async Task<bool> PutOff(string id, DateTimeOffset until, HoldReason? reason, Contact? contact)
    {
        var message = await Message(id).Hold(Epoch, until, reason, contact) ?? throw Replaced("hold");
        if (message.State != MessageState.Queued || _queue.InFlight == id || !_queue.Contains(id))
        {
            return false;
        }

        _queue = _queue.Retry(id, message.NotBefore ?? message.Envelope.DueAt, message.Attempt, message.Hold);
        NoteHold(message.Envelope.ChatJid, id, message.Hold);
        if (reason is { } why)
        {
            metrics.Held(why);
        }

        return true;
    }

    private void NoteHold(string chatJid, string id, HoldReason? hold)
    {
        if (hold is HoldReason.WarmUp or HoldReason.Restricted)
        {
            _held[chatJid] = id;
        }
        else
        {
            Unhold(chatJid, id);
        }
    }

    private void Unhold(string chatJid, string messageId)
    {
        if (_held.GetValueOrDefault(chatJid) == messageId)
        {
            _held.Remove(chatJid);
        }
    }

    /// <summary>Somebody has written: whatever waits for them goes, and they are no stranger any more.</summary>
    private async Task Welcome(string chatJid, DateTimeOffset at)
    {
        if (!Contact.IsPerson(chatJid))
        {
            return;
        }

        var known = _contacts.Find(chatJid);
        if (known?.Origin != ContactOrigin.Inbound)
        {
            _contacts.Put(known is null ? Contact.Wrote(chatJid, at) : known with { Origin = ContactOrigin.Inbound, MessageId = null });
        }

        await Release(chatJid, contact: null);
    }

    /// <summary>A one-time password must not stand behind a message that waits for days: both go, and the recipient counts today.</summary>
    private async Task MakeWay(MessageEnvelope urgent)
    {
        if (urgent.Category != Category.Authentication || !_held.TryGetValue(urgent.ChatJid, out var id) || id == urgent.Id)
        {
            return;
        }

        Contact? moved = null;
        var now = clock.GetUtcNow();
        if (_warmUp is not null && _contacts.Find(urgent.ChatJid) is { PlannedAt: { } planned } contact)
        {
            (_warmUp, var at) = _warmUp.Without(planned).Plan(now, mayWait: false);
            _contacts.Put(moved = contact with { PlannedAt = at, MessageId = id });
        }

        await Release(urgent.ChatJid, moved);
    }

    private async Task Release(string chatJid, Contact? contact)
    {
        if (_held.TryGetValue(chatJid, out var id) && _queue.Find(id) is { Hold: HoldReason.WarmUp or HoldReason.Restricted } message
            && ForbiddenUntil(_contacts.Find(chatJid), id, clock.GetUtcNow()) is null)
        {
            await PutOff(message.Id, clock.GetUtcNow(), reason: null, contact);
            ArmPump();
        }
    }

    /// <summary>The network's word has changed: what waited for it is looked at again, and put off again where it must.</summary>
    private async Task ReleaseRestricted()
    {
        var waiting = _held.Where(held => _queue.Find(held.Value)?.Hold == HoldReason.Restricted).Select(held => held.Key).ToArray();
        foreach (var some in waiting.Chunk(PageSize))
        {
            await Task.WhenAll(some.Select(chat => Release(chat, contact: null)));
        }
    }
}

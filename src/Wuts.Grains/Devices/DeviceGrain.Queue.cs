using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Storage;

namespace Wuts.Grains.Devices;

// What gets into the queue but by a send, and what leaves it for good.
internal sealed partial class DeviceGrain
{
    /// <summary>Takes in what is stored and unknown here: after activation everything, later what an acceptance with a lost answer left.</summary>
    private async Task LoadUnsent(CancellationToken cancellationToken)
    {
        for (var after = long.MinValue; ;)
        {
            var page = await messages.ListUnsentAsync(_key, after, PageSize, cancellationToken);
            foreach (var unsent in page)
            {
                Take(unsent);
                after = unsent.Position;
            }

            if (page.Length < PageSize)
            {
                break;
            }
        }

        ArmPump();
    }

    private void Take(UnsentMessage unsent)
    {
        if (unsent.Epoch > Epoch)
        {
            throw Replaced(); // to doubt what a successor has in hand would let its chat go on without it
        }

        _lastPosition = Math.Max(_lastPosition, unsent.Position);
        if (_queue.Contains(unsent.Id))
        {
            return;
        }

        var queued = new QueuedMessage(
            unsent.Id, unsent.ChatJid, unsent.Position, unsent.ReadyAt, unsent.Typing, unsent.Attempt, unsent.TraceParent, unsent.Category,
            unsent.AcceptedAt, unsent.Hold);
        switch (unsent.State)
        {
            case MessageState.Queued:
                _queue = _queue.Add(queued);
                NoteHold(unsent.ChatJid, unsent.Id, unsent.Hold);
                break;

            // Claimed by this activation and not in its queue: the claim's answer was lost, so it was never handed over.
            case MessageState.Dispatching when unsent.Epoch == Epoch:
                _queue = _queue.Add(queued with { Attempts = unsent.Attempt - 1 });
                break;

            default:
                _queue = _queue.Reserve(queued);
                Doubt(unsent);
                break;
        }

        Rouse();
    }

    /// <summary>Takes off a message whose acceptance is under way, unless another call has learned that it is stored.</summary>
    private void Withdraw(string id)
    {
        if (_accepting.Remove(id))
        {
            _queue = _queue.Remove(id);
            _pumpEnded?.Complete(true);
        }
    }

    /// <summary>Nothing was stored: its place is free again, unless it is that of another call for the same message.</summary>
    private void TakeBack(MessageEnvelope envelope, bool isAnothers)
    {
        if (!isAnothers)
        {
            Unplace(envelope);
            Withdraw(envelope.Id);
        }
    }

    /// <summary>A message that is stored while the answer to its acceptance is lost, or not here yet, is put where it belongs.</summary>
    private void Recover(Message known)
    {
        var envelope = known.Envelope;
        Withdraw(envelope.Id);
        if (envelope.DeviceId == _key.DeviceId && known.State is MessageState.Queued or MessageState.Dispatching)
        {
            var readyAt = known.NotBefore ?? envelope.DueAt;
            Take(new(
                envelope.Id, envelope.ChatJid, envelope.Position, readyAt, envelope.Typing, known.State, known.Epoch, known.Attempt,
                envelope.TraceParent, envelope.Category, envelope.AcceptedAt, known.Hold));
            ArmPump();
        }
    }

    private void Departed(Message message)
    {
        _queue = _queue.Remove(message.Envelope.Id);
        _departures.Resolve(message);
    }
}

using Wuts.Domain.Delivery;
using Wuts.Grains.Messages;

namespace Wuts.Grains.Devices;

// What the sender of a message that is stored is told.
internal sealed partial class DeviceGrain
{
    private async Task<SendAnswer> Answered(SendCommand command, Message message, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var departure = _queue.Contains(message.Envelope.Id) ? _queue.EstimateDeparture(message.Envelope.Id, now, TempoAt(now)) : now;
        var worthWaiting = departure - now <= command.Patience;
        if (message.IsOvertaken)
        {
            message = await Outcome(message, command, cancellationToken);
        }
        else if (message.State is MessageState.Queued or MessageState.Dispatching && worthWaiting && command.Hold > TimeSpan.Zero && !IsDraining)
        {
            message = _queue.Contains(message.Envelope.Id)
                ? await _departures.Wait(message, command.Hold, cancellationToken)
                : await Outcome(message, command, cancellationToken);
        }

        return new SendAnswer.Accepted(message, departure, worthWaiting);
    }

    /// <summary>A repeated request is answered with what became of the first, also where a new one would be refused.</summary>
    private async Task<SendAnswer?> AnswerRepeated(SendCommand command, CancellationToken cancellationToken)
    {
        if (await Message(command.MessageId).WaitUntilDispatched(TimeSpan.Zero, cancellationToken) is not { } first)
        {
            return null;
        }

        Recover(first);
        if (first.Envelope.Fingerprint != command.Fingerprint)
        {
            return new SendAnswer.KeyReused();
        }

        first = first.IsOvertaken ? await Outcome(first, command, cancellationToken) : first;
        return new SendAnswer.Accepted(first, first.NotBefore ?? first.Envelope.DueAt, WorthWaiting: false);
    }

    /// <summary>The message as it is once its outcome is known, or as it is after the command's hold.</summary>
    private async Task<Message> Outcome(Message message, SendCommand command, CancellationToken cancellationToken) =>
        await Message(message.Envelope.Id).WaitUntilDispatched(command.Hold, cancellationToken) ?? message;
}

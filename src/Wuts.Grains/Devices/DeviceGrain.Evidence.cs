using Orleans;
using Orleans.Runtime;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Grains.Hosting;
using Wuts.Storage;

namespace Wuts.Grains.Devices;

// Messages of unknown outcome: the network is asked for evidence, while they hold their chats.
internal sealed partial class DeviceGrain
{
    private readonly Dictionary<string, Doubtful> _doubtful = [];
    private IGrainTimer? _evidence;

    /// <param name="Noted">Whether the row says uncertain; one that a crash left says dispatching.</param>
    private sealed record Doubtful(string Id, long Epoch, int Attempt, DateTimeOffset Since, bool Noted);

    private void Doubt(UnsentMessage unsent) =>
        Doubt(new Doubtful(unsent.Id, unsent.Epoch, unsent.Attempt, clock.GetUtcNow(), unsent.State == MessageState.Uncertain));

    private void Doubt(Message message) =>
        Doubt(new Doubtful(message.Envelope.Id, message.Epoch, message.Attempt, clock.GetUtcNow(), message.State == MessageState.Uncertain));

    private void Doubt(Doubtful doubtful)
    {
        _doubtful[doubtful.Id] = doubtful;
        _evidence ??= this.RegisterWork(SeekEvidence);
        _evidence.Change(TimeSpan.Zero, _options.EvidenceInterval);
    }

    private async Task SeekEvidence(CancellationToken cancellationToken)
    {
        foreach (var doubtful in _doubtful.Values.ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Settle(doubtful.Noted ? doubtful : await Note(doubtful));
        }

        if (_doubtful.Count == 0)
        {
            _evidence!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task<Doubtful> Note(Doubtful doubtful)
    {
        await Message(doubtful.Id).Record(
            doubtful.Epoch, doubtful.Attempt, new DispatchOutcome.Unknown("The process ended between the hand-over and its answer."));
        return _doubtful[doubtful.Id] = doubtful with { Noted = true };
    }

    private async Task Settle(Doubtful doubtful)
    {
        if (!_session.IsConnected)
        {
            return; // there is nobody to ask; the hold begins to count when there is
        }

        DispatchOutcome? outcome = await LookUp(doubtful.Id) switch
        {
            SendEvidence.Taken taken => new DispatchOutcome.Accepted(doubtful.Id, taken.At),
            SendEvidence.NotTaken => new DispatchOutcome.NotTaken(),
            _ when clock.GetUtcNow() - doubtful.Since >= _options.UncertainHold => new DispatchOutcome.LeftUncertain(),
            _ => null,
        };
        if (outcome is null)
        {
            return;
        }

        var message = await Message(doubtful.Id).Record(doubtful.Epoch, doubtful.Attempt, outcome);
        _doubtful.Remove(doubtful.Id);
        if (message.State == MessageState.Queued)
        {
            _queue = _queue.Retry(doubtful.Id, message.NotBefore ?? message.Envelope.DueAt, message.Attempt);
        }
        else
        {
            Departed(message);
        }

        ArmPump();
    }

    // A network that does not answer, or cannot be asked, is silent: the others in doubt must get their turn, and this one its end.
    private async Task<SendEvidence> LookUp(string id)
    {
        try
        {
            return await _transport.LookUpAsync(_key, id, CancellationToken.None).WaitAsync(_options.SessionTimeout, clock);
        }
        catch (Exception e)
        {
            Log.LookUpFailed(logger, e, _key, id);
            return new SendEvidence.Silent();
        }
    }
}

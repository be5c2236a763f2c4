using Wuts.Domain.Delivery;

namespace Wuts.Grains.Devices;

/// <summary>Answers that are held until their message has left. Used within one activation, so it needs no lock.</summary>
internal sealed class Departures(TimeProvider clock)
{
    private readonly Dictionary<string, List<Waiter<Message>>> _held = [];

    /// <summary>Waits until the message's dispatch has ended, at most <paramref name="patience"/>, and returns it as it is then.</summary>
    public async Task<Message> Wait(Message message, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!_held.TryGetValue(message.Envelope.Id, out var waiters))
        {
            _held.Add(message.Envelope.Id, waiters = []);
        }

        using var waiter = new Waiter<Message>(clock, patience, message, cancellationToken);
        waiters.Add(waiter);
        var departed = await waiter.Task;
        if (waiters.Remove(waiter) && waiters.Count == 0)
        {
            _held.Remove(message.Envelope.Id);
        }

        return departed;
    }

    /// <summary>Nothing more leaves from here: everybody is told what is known so far, and asks again elsewhere.</summary>
    public void Release()
    {
        foreach (var waiter in _held.Values.SelectMany(waiters => waiters))
        {
            waiter.End();
        }
    }

    /// <summary>Its dispatch has ended, one way or the other.</summary>
    public void Resolve(Message message)
    {
        if (_held.Remove(message.Envelope.Id, out var waiters))
        {
            waiters.ForEach(waiter => waiter.Complete(message));
            waiters.Clear();
        }
    }
}

using Wuts.Domain.Delivery;

namespace Wuts.Grains.Devices;

/// <summary>Answers that are held until their message has left. Used within one activation, so it needs no lock.</summary>
internal sealed class Departures(TimeProvider clock)
{
    private readonly Dictionary<string, TaskCompletionSource<Message>> _held = [];

    /// <summary>Waits until the message's dispatch has ended, at most <paramref name="patience"/>, and returns it as it is then.</summary>
    public async Task<Message> Wait(Message message, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!_held.TryGetValue(message.Envelope.Id, out var departure))
        {
            departure = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _held.Add(message.Envelope.Id, departure);
        }

        try
        {
            return await departure.Task.WaitAsync(patience, clock, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return message;
        }
    }

    /// <summary>Its dispatch has ended, one way or the other.</summary>
    public void Resolve(Message message)
    {
        if (_held.Remove(message.Envelope.Id, out var departure))
        {
            departure.SetResult(message);
        }
    }
}

namespace Wuts.Transports.Simulator.Messages;

/// <summary>Sends that the network has not decided about. Guarded by the network's gate.</summary>
internal sealed class UnderWay
{
    private readonly Dictionary<MessageKey, Flights> _flights = [];

    public void Begin(MessageKey key)
    {
        if (!_flights.TryGetValue(key, out var flights))
        {
            _flights[key] = flights = new Flights();
        }

        flights.Count++;
    }

    public void End(MessageKey key)
    {
        if (_flights.TryGetValue(key, out var flights) && --flights.Count == 0)
        {
            _flights.Remove(key);
            flights.Landed.SetResult();
        }
    }

    /// <summary>Completes when no send of this message is under way; <c>null</c> when none is.</summary>
    public Task? Find(MessageKey key) => _flights.GetValueOrDefault(key)?.Landed.Task;

    private sealed class Flights
    {
        public int Count { get; set; }

        public TaskCompletionSource Landed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

namespace Wuts.Transports.Simulator.Messages;

/// <summary>Sends whose end is not known yet. Its owner guards it by a lock.</summary>
/// <typeparam name="TKey">By what a message is known.</typeparam>
internal sealed class UnderWay<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Flights> _flights = [];

    public void Begin(TKey key)
    {
        if (!_flights.TryGetValue(key, out var flights))
        {
            _flights[key] = flights = new Flights();
        }

        flights.Count++;
    }

    public void End(TKey key)
    {
        if (_flights.TryGetValue(key, out var flights) && --flights.Count == 0)
        {
            _flights.Remove(key);
            flights.Landed.SetResult();
        }
    }

    /// <summary>Completes when no send of this message is under way; <c>null</c> when none is.</summary>
    public Task? Find(TKey key) => _flights.GetValueOrDefault(key)?.Landed.Task;

    private sealed class Flights
    {
        public int Count { get; set; }

        public TaskCompletionSource Landed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

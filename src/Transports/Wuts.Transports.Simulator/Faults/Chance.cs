namespace Wuts.Transports.Simulator.Faults;

/// <summary>All chance in the network. Guarded by the network's gate, so that the order of calls is the order of draws.</summary>
internal sealed class Chance(int seed)
{
    private Random _random = new(seed);

    public void Reseed(int seed) => _random = new Random(seed);

    public bool Happens(double rate) => rate > 0 && _random.NextDouble() < rate;

    public TimeSpan Between(LatencyRange range) =>
        TimeSpan.FromMilliseconds(range.Min == range.Max ? range.Min : _random.Next(range.Min, range.Max + 1));

    public string Letters(string alphabet, int length) => _random.GetString(alphabet, length);

    /// <summary>What will become of one send.</summary>
    public SendFate DrawFate(NetworkFaults faults) => new(
        Between(faults.LatencyMs),
        Drops: Happens(faults.DropRate),
        TakenBeforeDrop: Happens(0.5),
        Throttled: Happens(faults.ErrorRate),
        AnswerLost: Happens(faults.TimeoutAfterAcceptRate));
}

/// <summary>What chance decided about one send.</summary>
internal sealed record SendFate(TimeSpan Latency, bool Drops, bool TakenBeforeDrop, bool Throttled, bool AnswerLost);

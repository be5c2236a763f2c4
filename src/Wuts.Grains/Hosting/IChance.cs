using System.Security.Cryptography;

namespace Wuts.Grains;

/// <summary>The one source of chance in grains, so that a seed can repeat a run.</summary>
public interface IChance
{
    /// <summary>At least 0 and below 1. Safe to call from any thread.</summary>
    double NextDouble();
}

/// <summary>Chance from a seed.</summary>
public sealed class SeededChance(int seed) : IChance
{
    private readonly Lock _gate = new();

    // Jitter, not secrets: it must be repeatable.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);

    public static SeededChance FromSystem() => new(RandomNumberGenerator.GetInt32(int.MaxValue));

    public double NextDouble()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }
#pragma warning restore CA5394
}

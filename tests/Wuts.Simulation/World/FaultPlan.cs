using System.Collections.Immutable;
using System.Globalization;

namespace Wuts.Simulation.World;

/// <summary>One fault of a run: the how-manieth occasion of its kind it strikes.</summary>
public readonly record struct Fault(string Kind, int Occasion)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Occasion}");

    public static Fault Parse(string text) =>
        text.Split(':') is [var kind, var occasion] && int.TryParse(occasion, CultureInfo.InvariantCulture, out var number)
            ? new(kind, number)
            : throw new FormatException($"'{text}' is no fault: write kind:occasion, such as flush-answer-lost:3.");
}

/// <summary>
/// Which faults strike. Each kind's occasions are numbered, and a digest of seed, kind and number decides, so that leaving one fault
/// out changes nothing about the others. A seed has only some of the kinds: worlds with few kinds of trouble find what worlds with
/// all of them hide.
/// </summary>
/// <param name="only">Where given, no other fault strikes: a shrunk run.</param>
public sealed class FaultPlan(int seed, IReadOnlySet<Fault>? only = null)
{
    private const double ShareOfKinds = 0.5;

    private readonly Dictionary<string, int> _occasions = [];
    private readonly List<Fault> _struck = [];

    /// <summary>What has struck so far, in order.</summary>
    public ImmutableArray<Fault> Struck => [.. _struck];

    /// <summary>Set once nothing more is to go wrong.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether a fault of this kind strikes now.</summary>
    /// <param name="probability">Of each occasion, in the worlds that have this kind.</param>
    public bool Strikes(string kind, double probability)
    {
        var occasion = _occasions[kind] = _occasions.GetValueOrDefault(kind) + 1;
        var fault = new Fault(kind, occasion);
        if (IsOver || !(only?.Contains(fault) ?? (Draw(kind, 0) < ShareOfKinds && Draw(kind, occasion) < probability)))
        {
            return false;
        }

        _struck.Add(fault);
        return true;
    }

    // FNV-1a and a finishing mix (splitmix64): fast, and good enough to be fair.
    private double Draw(string kind, int occasion)
    {
        var hash = 14695981039346656037UL ^ (uint)seed;
        foreach (var letter in kind)
        {
            hash = (hash ^ letter) * 1099511628211;
        }

        hash = (hash ^ (uint)occasion) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}

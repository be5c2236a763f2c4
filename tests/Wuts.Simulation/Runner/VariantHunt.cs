using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Wuts.Simulation.Variants;
using Wuts.Testing.Checking;

namespace Wuts.Simulation.Runner;

/// <summary>Checks the checker: every broken variant of the product must be caught within some seeds.</summary>
internal static class VariantHunt
{
    public const int MostSeeds = 500;

    /// <summary>What became of one variant.</summary>
    /// <param name="Seeds">How many seeds it took, the last one included; those that were tried, if it was not caught.</param>
    /// <param name="Caught">The promise that it broke; <c>null</c> if no run saw it.</param>
    /// <param name="Trouble">Why it could not be judged.</param>
    public sealed record Catch(Variant Variant, int Seeds, Invariant? Caught, string? Trouble = null);

    /// <summary>Runs a variant from a seed on, until it breaks a promise that the product as it is keeps with that seed.</summary>
    public static Catch Hunt(Variant variant, int from = 1, int most = MostSeeds)
    {
        for (var seeds = 1; seeds <= most; seeds++)
        {
            try
            {
                var seed = from + seeds - 1;
                if (new Replay(seed, variant).Run().Violations is [var violation, ..] && new Replay(seed, new Variant()).Run().Violations.IsEmpty)
                {
                    return new(variant, seeds, violation.Invariant);
                }
            }
            catch (Exception exception)
            {
                return new(variant, seeds, Caught: null, exception.Message.Split('\n')[0]);
            }
        }

        return new(variant, most, Caught: null);
    }

    /// <summary>Hunts all of them, each on one thread at a time, so that the seeds needed are the same on every machine.</summary>
    /// <param name="caught">Told of each as it comes.</param>
    public static ImmutableArray<Catch> HuntAll(IReadOnlyList<Variant> variants, int threads, Action<Catch> caught)
    {
        var waiting = new ConcurrentQueue<int>(Enumerable.Range(0, variants.Count));
        var catches = new Catch[variants.Count];
        Thread[] started = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work) { IsBackground = true })];
        foreach (var thread in started)
        {
            thread.Start();
        }

        foreach (var thread in started)
        {
            thread.Join();
        }

        return [.. catches];

        void Work()
        {
            while (waiting.TryDequeue(out var number))
            {
                caught(catches[number] = Hunt(variants[number]));
            }
        }
    }

    /// <summary>One line, as it comes.</summary>
    public static string Line(Catch c) => string.Create(CultureInfo.InvariantCulture, $"{c.Variant.Name}: {Fate(c)} ({c.Seeds} seeds)");

    /// <summary>The table of the README.</summary>
    public static string Table(IEnumerable<Catch> catches) => string.Join('\n',
    [
        "| variant | caught by | seeds needed |",
        "|---|---|---:|",
        .. catches.Select(c => string.Create(CultureInfo.InvariantCulture, $"| {c.Variant.Name} | {Fate(c)} | {c.Seeds} |")),
    ]);

    private static string Fate(Catch c) => c.Caught?.ToString() ?? c.Trouble ?? "**not caught**";
}

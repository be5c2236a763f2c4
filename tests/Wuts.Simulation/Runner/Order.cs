using System.Collections.Immutable;
using System.Globalization;
using Wuts.Simulation.Variants;

namespace Wuts.Simulation.Runner;

/// <summary>What the command line asks for.</summary>
internal abstract record Order
{
    public sealed record LongRun(int Seeds, int? From, Variant Variant) : Order;

    public sealed record OneRun(Replay Replay, string? JournalFile) : Order;

    public sealed record EveryVariant : Order;

    public sealed record Help : Order;

    public sealed record Misused(string Problem) : Order;

    private static readonly ImmutableHashSet<string> Flags = ["--variants", "--help"];
    private static readonly ImmutableHashSet<string> Values = ["--seeds", "--from", "--seed", "--faults", "--journal", "--variant"];

    public static Order Parse(string[] args)
    {
        var given = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            var isFlag = Flags.Contains(name);
            var value = equals >= 0 ? args[i][(equals + 1)..] : isFlag ? "" : i + 1 < args.Length ? args[++i] : null;
            if ((!isFlag && !Values.Contains(name)) || value is null)
            {
                return new Misused(value is null ? $"{name} needs a value." : $"There is no option {name}.");
            }

            given[name] = value;
        }

        try
        {
            return Read(given);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return new Misused(e.Message);
        }
    }

    private static Order Read(Dictionary<string, string> given)
    {
        var name = given.GetValueOrDefault("--variant", new Variant().Name);
        if (BrokenVariants.Find(name) is not { } variant)
        {
            return new Misused($"There is no variant {name}. There are: {string.Join(", ", BrokenVariants.All.Select(v => v.Name))}.");
        }

        if (Number("--seed") is { } seed)
        {
            ImmutableArray<World.Fault>? only = given.TryGetValue("--faults", out var faults) ? FaultList.Read(faults) : null;
            return new OneRun(new(seed, variant, only), given.GetValueOrDefault("--journal"));
        }

        return Number("--seeds") is { } seeds ? new LongRun(seeds, Number("--from"), variant)
            : given.ContainsKey("--variants") ? new EveryVariant()
            : new Help();

        int? Number(string option) => given.TryGetValue(option, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;
    }
}

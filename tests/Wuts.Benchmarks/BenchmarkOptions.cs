using System.Globalization;

namespace Wuts.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public const string Help = """
        Usage: make bench ARGS="[options]"
          --devices 50        devices, each with a webhook; five belong to one tenant
          --messages 30000    messages of the measured load
          --clients 128       HTTP clients, each with one request at a time
          --warmup 15000      messages of the same load before it
          --database both     sqlite, postgres or both
          --silos 0           1 or more: a cluster of that many silos, one gateway and the network as processes, on PostgreSQL; Orleans only
          --lanes 0           1 or more: instead of the load, one-time passwords behind that many marketing messages on one device
          --fairness          instead of the load: ten tenants share a rate, one of them with --messages queued; in one process or in --silos
          --rate 200          of that, messages a second
          --kill              of that, with --silos 2 or more: the silo with the pool is killed while all tenants have more to send
          --seconds 180       the measured load ends after this many, if it is not through
          --pace              instead: the pace of a number over hours of virtual time, with the reasons of each change; in-process engine only
          --warm-up           instead: a cold number and 2,000 strangers, over days of virtual time; in-process engine only
        """;

    public int Devices { get; private init; } = 50;

    public int Messages { get; private init; } = 30_000;

    public int Clients { get; private init; } = 128;

    public int Warmup { get; private init; } = 15_000;

    /// <summary>Silos of a cluster of processes; 0 for the server in this process.</summary>
    public int Silos { get; private init; }

    /// <summary>Marketing messages before the one-time passwords; 0 for the load.</summary>
    public int Lanes { get; private init; }

    /// <summary>Whether to measure how fairly a rate is shared, and not how much goes through.</summary>
    public bool Fairness { get; private init; }

    /// <summary>Whether a silo is killed on the way.</summary>
    public bool Kill { get; private init; }

    /// <summary>The rate to share, in messages a second.</summary>
    public int Rate { get; private init; } = 200;

    public TimeSpan Limit { get; private init; } = TimeSpan.FromSeconds(180);

    public bool Sqlite { get; private init; } = true;

    public bool PostgreSql { get; private init; } = true;

    /// <summary>Print how a number's pace changes.</summary>
    public bool Pace { get; private init; }

    /// <summary>Print how a cold number is warmed up.</summary>
    public bool WarmUp { get; private init; }

    /// <summary>Reads the command line; <c>null</c> for one that makes no sense.</summary>
    public static BenchmarkOptions? Parse(string[] args)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (options.With(args[i]) is { } flagged)
            {
                (options, i) = (flagged, i - 1); // it has no value
                continue;
            }

            if (i + 1 == args.Length || options.With(args[i], args[i + 1]) is not { } next)
            {
                return null;
            }

            options = next;
        }

        return options.Kill && !(options.Fairness && options.Silos > 1) ? null : options;
    }

    private BenchmarkOptions? With(string flag) => flag switch
    {
        "--fairness" => this with { Fairness = true },
        "--kill" => this with { Kill = true },
        "--pace" => this with { Pace = true },
        "--warm-up" => this with { WarmUp = true },
        _ => null,
    };

    private BenchmarkOptions? With(string name, string value) => (name, value) switch
    {
        ("--database", "sqlite") => this with { PostgreSql = false },
        ("--database", "postgres") => this with { Sqlite = false },
        ("--database", "both") => this,
        ("--devices", _) when Number(value) is { } devices => this with { Devices = devices },
        ("--messages", _) when Number(value) is { } messages => this with { Messages = messages },
        ("--clients", _) when Number(value) is { } clients => this with { Clients = clients },
        ("--warmup", _) when Number(value) is { } warmup => this with { Warmup = warmup },
        ("--silos", _) when Number(value) is { } silos => this with { Silos = silos, Sqlite = false },
        ("--lanes", _) when Number(value) is { } marketing => this with { Lanes = marketing },
        ("--rate", _) when Number(value) is { } rate => this with { Rate = rate },
        ("--seconds", _) when Number(value) is { } seconds => this with { Limit = TimeSpan.FromSeconds(seconds) },
        _ => null,
    };

    private static int? Number(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}

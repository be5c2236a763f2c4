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
          --seconds 180       the measured load ends after this many, if it is not through
        """;

    public int Devices { get; private init; } = 50;

    public int Messages { get; private init; } = 30_000;

    public int Clients { get; private init; } = 128;

    public int Warmup { get; private init; } = 15_000;

    /// <summary>Silos of a cluster of processes; 0 for the server in this process.</summary>
    public int Silos { get; private init; }

    public TimeSpan Limit { get; private init; } = TimeSpan.FromSeconds(180);

    public bool Sqlite { get; private init; } = true;

    public bool PostgreSql { get; private init; } = true;

    /// <summary>Reads the command line; <c>null</c> for one that makes no sense.</summary>
    public static BenchmarkOptions? Parse(string[] args)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || options.With(args[i], args[i + 1]) is not { } next)
            {
                return null;
            }

            options = next;
        }

        return options;
    }

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
        ("--seconds", _) when Number(value) is { } seconds => this with { Limit = TimeSpan.FromSeconds(seconds) },
        _ => null,
    };

    private static int? Number(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}

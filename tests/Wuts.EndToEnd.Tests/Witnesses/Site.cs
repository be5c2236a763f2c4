using System.Collections.Immutable;
using System.Data.Common;

namespace Wuts.EndToEnd.Tests.Witnesses;

/// <summary>Everything that an operator has set up, running, and a way to look into its database beside it.</summary>
internal abstract class Site : IAsyncDisposable
{
    // Receipts come twice and out of order, as from the real network; nothing else goes wrong in it, so that what does is the fault's doing.
    protected static readonly ImmutableArray<string> RoughNetwork =
    [
        "--Wuts:Simulator:Faults:LatencyMs:Min", "20", "--Wuts:Simulator:Faults:LatencyMs:Max", "60",
        "--Wuts:Simulator:Faults:ReadLatencyMs:Min", "100", "--Wuts:Simulator:Faults:ReadLatencyMs:Max", "500",
        "--Wuts:Simulator:Faults:DuplicateRate", "0.1", "--Wuts:Simulator:Faults:ReorderRate", "0.1",
    ];

    /// <summary>The database's kind, for tables.</summary>
    public abstract string Database { get; }

    /// <summary>A process that serves the API.</summary>
    public abstract WutsProcess Api { get; }

    /// <summary>The process that carries the simulated network.</summary>
    public abstract WutsProcess Network { get; }

    /// <summary>What the processes have written.</summary>
    public abstract string Output { get; }

    /// <summary>Starts everything. A process that does not start fails the test with what it wrote.</summary>
    public abstract Task StartAsync();

    /// <summary>The way that clients take to the API.</summary>
    public abstract HttpClient Connect();

    public abstract Task<DbConnection> OpenAsync();

    public abstract ValueTask DisposeAsync();
}

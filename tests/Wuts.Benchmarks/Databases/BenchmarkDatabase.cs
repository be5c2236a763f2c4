using Microsoft.Extensions.DependencyInjection;
using Wuts.Benchmarks.Storing;

namespace Wuts.Benchmarks.Databases;

/// <summary>A kind of database, of which every part of the run gets a new, empty one.</summary>
internal abstract class BenchmarkDatabase : IAsyncDisposable
{
    /// <summary>Its kind and version.</summary>
    public abstract string Description { get; }

    /// <summary>The value of <c>Wuts:Storage:Provider</c>.</summary>
    public abstract string Provider { get; }

    /// <summary>Processor time of the database's own processes so far; zero for one that runs in ours.</summary>
    public abstract TimeSpan ProcessorTime { get; }

    /// <summary>Makes a new database, and returns its connection string.</summary>
    public abstract Task<string> CreateAsync();

    /// <summary>Registers the product's storage over a database.</summary>
    public abstract void AddStorage(IServiceCollection services, string connectionString);

    /// <summary>Opens a database, which has the product's tables already, to write rows in the plainest way.</summary>
    public abstract Task<IRawWriter> OpenRawAsync(string connectionString);

    public abstract ValueTask DisposeAsync();
}

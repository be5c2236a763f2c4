using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Benchmarks.Fairness;
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

    /// <summary>What left, in the order in which the network took it.</summary>
    public async Task<IReadOnlyList<Departure>> ReadDeparturesAsync(string connectionString)
    {
        var departures = new List<Departure>();
        await ReadAsync(
            connectionString,
            $"""
            SELECT m.tenant_id, {SecondsOf("m.accepted_at")}, {SecondsOf("MIN(e.at)")}, {SecondsOf("m.sent_at")}
            FROM messages m JOIN message_events e ON e.tenant_id = m.tenant_id AND e.message_id = m.id AND e.kind = 'claimed'
            GROUP BY m.tenant_id, m.id, m.accepted_at, m.sent_at
            """,
            row => departures.Add(new(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.IsDBNull(3) ? double.PositiveInfinity : row.GetDouble(3))));
        departures.Sort((a, b) => a.SentAt.CompareTo(b.SentAt));
        return departures;
    }

    /// <summary>The ids of the tenants, in the order in which they were registered.</summary>
    public async Task<List<string>> ReadTenantsAsync(string connectionString)
    {
        var tenants = new List<string>();
        await ReadAsync(connectionString, "SELECT id FROM tenants WHERE name LIKE 'tenant%' ORDER BY name", row => tenants.Add(row.GetString(0)));
        return tenants;
    }

    protected abstract DbConnection NewConnection(string connectionString);

    /// <summary>An expression for a time in seconds.</summary>
    protected abstract string SecondsOf(string column);

    private async Task ReadAsync(string connectionString, string query, Action<DbDataReader> take)
    {
        await using var connection = NewConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // our own text
        command.CommandText = query;
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            take(rows);
        }
    }
}

using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Benchmarks.Storing;
using Wuts.Storage.Sqlite;

namespace Wuts.Benchmarks.Databases;

/// <summary>SQLite files in a folder of the run.</summary>
internal sealed class SqliteFiles(string folder) : BenchmarkDatabase
{
    private int _made;

    public override string Description { get; } = $"SQLite {ReadVersion()}, WAL, synchronous FULL";

    public override string Provider => "sqlite";

    public override TimeSpan ProcessorTime => TimeSpan.Zero;

    public override Task<string> CreateAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench{++_made}.db");
        return Task.FromResult($"Data Source={Path.Combine(folder, name)}");
    }

    public override void AddStorage(IServiceCollection services, string connectionString) => services.AddSqliteStorage(connectionString);

    public override Task<IRawWriter> OpenRawAsync(string connectionString) => Task.FromResult<IRawWriter>(new SqliteRawWriter(connectionString));

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override DbConnection NewConnection(string connectionString) => new SqliteConnection(connectionString);

    protected override string SecondsOf(string column) => $"{column} / 1000000.0";

    private static string ReadVersion()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }
}

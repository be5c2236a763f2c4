using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Wuts.Benchmarks.Measuring;
using Wuts.Benchmarks.Storing;
using Wuts.Storage.PostgreSql;
using Wuts.Testing;

namespace Wuts.Benchmarks.Databases;

/// <summary>Databases of a PostgreSQL server of the run's own, with the server's defaults: a commit is on the disk.</summary>
internal sealed class PostgreSqlDatabases : BenchmarkDatabase
{
    private readonly PostgreSqlServer _server;
    private readonly ServerProcesses _processes;

    private PostgreSqlDatabases(PostgreSqlServer server, string version, int port)
    {
        _server = server;
        _processes = new ServerProcesses(port);
        Description = $"PostgreSQL {version}, defaults";
    }

    public override string Description { get; }

    public override string Provider => "postgres";

    public override TimeSpan ProcessorTime => _processes.ProcessorTime;

    public static async Task<PostgreSqlDatabases> StartAsync()
    {
        var server = await PostgreSqlServer.StartAsync();
        await using var connection = new NpgsqlConnection(await server.CreateDatabaseAsync());
        await connection.OpenAsync();
        return new PostgreSqlDatabases(server, connection.PostgreSqlVersion.ToString(), connection.Port);
    }

    public override Task<string> CreateAsync() => _server.CreateDatabaseAsync();

    public override void AddStorage(IServiceCollection services, string connectionString) => services.AddPostgreSqlStorage(connectionString);

    public override async Task<IRawWriter> OpenRawAsync(string connectionString) => await PostgreSqlRawWriter.OpenAsync(connectionString);

    public override ValueTask DisposeAsync() => _server.DisposeAsync();

    protected override DbConnection NewConnection(string connectionString) => new NpgsqlConnection(connectionString);

    protected override string SecondsOf(string column) => $"extract(epoch FROM {column})::float8";
}

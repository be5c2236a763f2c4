using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Wuts.Testing;

namespace Wuts.EndToEnd.Tests.Witnesses;

/// <summary>A process with its database, as an operator would have set them up, and a way to look into the database beside it.</summary>
internal sealed class Installation : IAsyncDisposable
{
    // Receipts come twice and out of order, as from the real network; nothing else goes wrong in it, so that what does is the fault's doing.
    private static readonly string[] Network =
    [
        "--Wuts:Simulator:Faults:LatencyMs:Min", "20", "--Wuts:Simulator:Faults:LatencyMs:Max", "60",
        "--Wuts:Simulator:Faults:ReadLatencyMs:Min", "100", "--Wuts:Simulator:Faults:ReadLatencyMs:Max", "500",
        "--Wuts:Simulator:Faults:DuplicateRate", "0.1", "--Wuts:Simulator:Faults:ReorderRate", "0.1",
    ];

    private readonly Func<DbConnection> _connect;

    private Installation(string database, WutsProcess process, Func<DbConnection> connect, PostgreSqlServer? server)
    {
        (Database, Process, _connect, Server) = (database, process, connect, server);
    }

    public string Database { get; }

    public WutsProcess Process { get; }

    /// <summary>The server, which is of this installation's own; <c>null</c> for SQLite.</summary>
    public PostgreSqlServer? Server { get; }

    /// <param name="folder">Where the database file is; <c>null</c> for the data folder.</param>
    public static Installation OnSqlite(string? folder = null)
    {
        var process = folder is null
            ? new WutsProcess(Network)
            : new WutsProcess([.. Network, "--connection-string", $"Data Source={folder}/wuts.db"]);
        var file = new SqliteConnectionStringBuilder
        {
            DataSource = $"{folder ?? process.Data}/wuts.db",
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        };
        return new("SQLite", process, () => new SqliteConnection(file.ConnectionString), null);
    }

    /// <param name="user">A role to be made for the process; <c>null</c> for the superuser.</param>
    public static async Task<Installation> OnPostgreSqlAsync(string? user = null)
    {
        var server = await PostgreSqlServer.StartAsync();
        var owner = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()) { Pooling = false };
        var own = new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Pooling = true, Username = user ?? owner.Username };
        var process = new WutsProcess([.. Network, "--storage", "postgres", "--connection-string", own.ConnectionString]);
        var installation = new Installation("PostgreSQL", process, () => new NpgsqlConnection(owner.ConnectionString), server);
        if (user is not null)
        {
            await installation.ExecuteAsync($"CREATE ROLE {user} LOGIN; ALTER DATABASE {owner.Database} OWNER TO {user}; ALTER SCHEMA public OWNER TO {user}");
        }

        return installation;
    }

    public async Task<DbConnection> OpenAsync()
    {
        var connection = _connect();
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does something to the database beside the process, as its administrator.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}

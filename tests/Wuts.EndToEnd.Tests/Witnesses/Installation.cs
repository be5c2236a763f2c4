using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Wuts.Testing;

namespace Wuts.EndToEnd.Tests.Witnesses;

/// <summary>One process with its database.</summary>
internal sealed class Installation : Site
{
    private readonly Func<DbConnection> _connect;

    private Installation(string database, WutsProcess process, Func<DbConnection> connect, PostgreSqlServer? server)
    {
        (Database, Process, _connect, Server) = (database, process, connect, server);
    }

    public override string Database { get; }

    public WutsProcess Process { get; }

    public override WutsProcess Api => Process;

    public override WutsProcess Network => Process;

    public override string Output => Process.Output;

    /// <summary>The server, which is of this installation's own; <c>null</c> for SQLite.</summary>
    public PostgreSqlServer? Server { get; }

    /// <param name="folder">Where the database file is; <c>null</c> for the data folder.</param>
    public static Installation OnSqlite(string? folder = null)
    {
        var process = folder is null
            ? new WutsProcess([.. RoughNetwork])
            : new WutsProcess([.. RoughNetwork, "--connection-string", $"Data Source={folder}/wuts.db"]);
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
        var process = new WutsProcess([.. RoughNetwork, "--storage", "postgres", "--connection-string", own.ConnectionString]);
        var installation = new Installation("PostgreSQL", process, () => new NpgsqlConnection(owner.ConnectionString), server);
        if (user is not null)
        {
            await installation.ExecuteAsync($"CREATE ROLE {user} LOGIN; ALTER DATABASE {owner.Database} OWNER TO {user}; ALTER SCHEMA public OWNER TO {user}");
        }

        return installation;
    }

    public override async Task StartAsync() => Assert.True(await Process.StartAsync(), Process.Output);

    public override HttpClient Connect() => new() { BaseAddress = new Uri(Process.Url), Timeout = Timeout.InfiniteTimeSpan };

    public override async Task<DbConnection> OpenAsync()
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

    public override async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}

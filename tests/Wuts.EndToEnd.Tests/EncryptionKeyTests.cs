using System.Collections.Immutable;
using System.Data.Common;
using System.Net;
using Microsoft.Data.Sqlite;
using Npgsql;
using Wuts.Testing;

namespace Wuts.EndToEnd.Tests;

/// <summary>The key ring in the database, under a key that is configured.</summary>
public sealed class EncryptionKeyTests : IDisposable
{
    private const string Key = "the-encryption-key-of-these-tests";

    private const string HoldNewKeys = """
        CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NEW; END $$;
        CREATE TRIGGER hold BEFORE INSERT ON settings FOR EACH ROW WHEN (NEW.key LIKE 'key_ring/%') EXECUTE FUNCTION hold();
        SELECT pg_advisory_lock(4711)::text
        """;

    private const string HeldBack = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted";

    private readonly DirectoryInfo _shared = Directory.CreateTempSubdirectory("wuts-shared-");

    private string Database => $"Data Source={_shared.FullName}/wuts.db";

    private string[] Settings => ["--connection-string", Database, "--Wuts:Simulator:Folder", $"{_shared.FullName}/simulator", "--encryption-key"];

    public void Dispose() => _shared.Delete(recursive: true);

    [Fact]
    public async Task What_one_process_encrypted_another_one_reads_with_the_same_key_and_another_folder()
    {
        await using var one = new WutsProcess([.. Settings, Key, "--demo", "true"]);
        Assert.True(await one.StartAsync(), one.Output);
        var token = await one.ReadDemoTokenAsync();
        using var first = await one.SendTextAsync(token);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await one.KillAsync();

        await using var other = new WutsProcess([.. Settings, Key]);
        Assert.True(await other.StartAsync(), other.Output);
        using var second = await other.SendTextAsync(token);

        Assert.Equal(HttpStatusCode.OK, second.StatusCode); // the device was linked with credentials that the first one stored
        Assert.False(Directory.Exists($"{one.Data}/keys"));
        Assert.False(Directory.Exists($"{other.Data}/keys"));
    }

    [Fact]
    public async Task The_database_holds_no_key_that_could_be_used_alone()
    {
        await using var wuts = new WutsProcess([.. Settings, Key, "--demo", "true"]);
        Assert.True(await wuts.StartAsync(), wuts.Output);
        Assert.DoesNotContain("   at ", wuts.Output); // a stack

        await using var connection = new SqliteConnection(Database);
        var ring = await ReadAsync(connection, "SELECT value FROM settings WHERE key LIKE 'key_ring/%'");

        Assert.Contains("<aesGcm", Assert.Single(ring));
        Assert.DoesNotContain("masterKey", ring[0]);
        Assert.DoesNotContain(await ReadAsync(connection, "SELECT value FROM settings"), value => value.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_key_is_refused_and_the_first_one_still_works()
    {
        await using var wuts = new WutsProcess(Settings[..^1]);
        Assert.True(await wuts.StartAsync("--encryption-key", Key), wuts.Output);
        await wuts.KillAsync();

        Assert.False(await wuts.StartAsync("--encryption-key", "another-encryption-key-of-these-tests"));
        Assert.Contains("Wuts:EncryptionKey is not the one with which the secrets in this database are encrypted.", wuts.Output);
        Assert.Equal(1, await wuts.ExitAsync());

        Assert.True(await wuts.StartAsync("--encryption-key", Key), wuts.Output);
    }

    [PostgreSqlFact]
    public async Task Processes_that_start_together_agree_on_one_key()
    {
        var database = await (await PostgreSqlServer.Shared).CreateDatabaseAsync();
        string[] settings = ["--storage", "postgres", "--connection-string", database, "--encryption-key", Key];
        await using var one = new WutsProcess(settings);
        await using var other = new WutsProcess(settings);
        Assert.Equal(0, await one.RunAsync(["migrate", .. settings]));
        await using var connection = new NpgsqlConnection(database);
        await ReadAsync(connection, HoldNewKeys);

        var starts = Task.WhenAll(one.StartAsync(), other.StartAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await ReadAsync(connection, HeldBack) is not ["2"])
        {
            patience.Token.ThrowIfCancellationRequested();
            Assert.False(starts.IsCompleted, one.Output + other.Output);
        }

        await ReadAsync(connection, "SELECT pg_advisory_unlock(4711)::text"); // each has found no key, and made one

        Assert.DoesNotContain(false, await starts);
        Assert.Single(await ReadAsync(connection, "SELECT value FROM settings WHERE key LIKE 'key_ring/%'"));
    }

    private static async Task<ImmutableArray<string>> ReadAsync(DbConnection connection, string sql)
    {
        if (connection.State == System.Data.ConnectionState.Closed)
        {
            await connection.OpenAsync();
        }

        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var values = ImmutableArray.CreateBuilder<string>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetString(0));
        }

        return values.DrainToImmutable();
    }
}

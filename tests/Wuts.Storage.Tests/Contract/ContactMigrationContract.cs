using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Storage.PostgreSql;
using Wuts.Storage.Schema;
using Wuts.Storage.Sql;
using Wuts.Storage.Sqlite;
using Wuts.Storage.Tests.Fixtures;
using Wuts.Testing;

namespace Wuts.Storage.Tests.Contract;

/// <summary>A database from before there were contacts: nobody whom a number knows may become a stranger to it.</summary>
public abstract class ContactMigrationContract
{
    private static readonly DeviceKey Device = new("acme", "dev-1");

    [StorageFact]
    public async Task Whoever_was_written_to_or_has_written_is_a_contact()
    {
        await using var process = await OnEmptyDatabaseAsync();
        var database = process.GetRequiredService<SqlDatabase>();
        await InstallBeforeContactsAsync(database);
        await AddMessageAsync(database, "m1", "5511999990001@s.whatsapp.net", T0);
        await AddMessageAsync(database, "m2", "5511999990001@s.whatsapp.net", T0.AddDays(1));
        await AddMessageAsync(database, "m3", "5511999990002@s.whatsapp.net", T0);
        await AddMessageAsync(database, "m4", "123@g.us", T0);
        await AddReceivedAsync(database, "5511999990002@s.whatsapp.net", "hi\u0000");
        await AddReceivedAsync(database, "5511999990003@s.whatsapp.net", "\"chat_jid\":\"5511999990009@s.whatsapp.net\"");
        await AddReceivedAsync(database, "123@g.us", "hi");

        await process.GetRequiredService<IStorageInitializer>().InitializeAsync();

        Assert.Equal(
            [
                new Contact("5511999990001@s.whatsapp.net", T0, T0, ContactOrigin.Outbound, null),
                new Contact("5511999990002@s.whatsapp.net", T0, T0, ContactOrigin.Inbound, null),
                new Contact("5511999990003@s.whatsapp.net", T0, null, ContactOrigin.Inbound, null),
            ],
            (await process.GetRequiredService<IHealthStore>().ListContactsAsync(Device, "", 10)).AsEnumerable());
    }

    protected abstract Task<ServiceProvider> OnEmptyDatabaseAsync();

    protected abstract Type Assembly { get; }

    protected static ServiceCollection NewProcess()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<ISecretProtector, ReversingProtector>();
        return services;
    }

    private async Task InstallBeforeContactsAsync(SqlDatabase database)
    {
        await database.WriteAsync("CREATE TABLE schema_version (version int PRIMARY KEY, applied_at text)", [], default);
        foreach (var (version, sql) in Migrations.Above(0, Assembly.Assembly).TakeWhile(m => !m.Sql.Contains("CREATE TABLE contacts", StringComparison.Ordinal)))
        {
            await database.WriteAsync(sql, [], default);
            await database.WriteAsync($"INSERT INTO schema_version (version) VALUES ({version})", [], default);
        }
    }

    private static Task<bool> AddMessageAsync(SqlDatabase database, string id, string chat, DateTimeOffset at) => database.WriteAsync(
        """
        INSERT INTO messages (
            tenant_id, id, device_id, user_id, chat_jid, kind, content, fingerprint, accepted_at, due_at, typing_ms, position,
            version, device_epoch, attempt, dispatch, state, open, attention)
        VALUES ('acme', @id, 'dev-1', 'u', @chat, 'text', '{}', 'f', @at, @at, 0, 1, 1, 1, 0, 30, 30, @no, @no)
        """,
        [("id", id), ("chat", chat), ("at", at), ("no", false)],
        default);

    private static Task<bool> AddReceivedAsync(SqlDatabase database, string chat, string text) => database.WriteAsync(
        "INSERT INTO webhook_inbox (tenant_id, device_id, kind, id, received_at, payload) VALUES ('acme', 'dev-1', 'received', @id, @at, @payload)",
        [
            ("id", NewId()), ("at", T0),
            ("payload", StoredJson.Write(new InboundMessage("1", "5511999990003@s.whatsapp.net", chat, "5511999990009@s.whatsapp.net", text, null, T0))),
        ],
        default);
}

public sealed class SqliteContactMigrationTests : ContactMigrationContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wuts-storage-");

    protected override Type Assembly => typeof(SqliteInitializer);

    public void Dispose() => _folder.Delete(recursive: true);

    protected override Task<ServiceProvider> OnEmptyDatabaseAsync() =>
        Task.FromResult(NewProcess().AddSqliteStorage($"Data Source={_folder.FullName}/wuts.db").BuildServiceProvider());
}

[NeedsPostgreSql]
public sealed class PostgreSqlContactMigrationTests : ContactMigrationContract
{
    protected override Type Assembly => typeof(PostgreSqlInitializer);

    protected override async Task<ServiceProvider> OnEmptyDatabaseAsync() =>
        NewProcess().AddPostgreSqlStorage(await (await PostgreSqlServer.Shared).CreateDatabaseAsync()).BuildServiceProvider();
}

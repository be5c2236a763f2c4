using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Delivery;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class EndOfProcessContract(StorageFixture storage)
{
    [StorageFact]
    public async Task A_process_that_ends_under_load_reported_nothing_that_is_not_stored()
    {
        var device = await storage.NewDeviceAsync();
        var process = storage.StartProcess();
        var messages = process.GetRequiredService<IMessageStore>();
        var accepted = Enumerable.Range(0, 500).Select(i => NewAcceptance(device, i)).ToArray();

        var writes = accepted.Select(transition => OutcomeAsync(() => messages.WriteAsync(transition, fenced: true))).ToArray();
        await process.DisposeAsync();
        var late = await OutcomeAsync(() => messages.WriteAsync(NewAcceptance(device), fenced: true));
        var outcomes = await Task.WhenAll(writes);

        Assert.Null(late);
        Assert.All(outcomes, outcome => Assert.Equal(WriteOutcome.Written, outcome)); // what was taken is stored
        Assert.Equal(accepted.Length, await storage.CountMessagesAsync(device.TenantId));
    }

    [StorageFact]
    public async Task A_value_that_the_database_cannot_take_hurts_nobody_else()
    {
        var device = await storage.NewDeviceAsync();
        var good = Enumerable.Range(0, 30).Select(i => NewAcceptance(device, i)).ToArray();
        var bad = Message.Accept(NewEnvelope(device) with { Fingerprint = null! }, 1, claim: true);

        var writes = good.Select(transition => storage.Messages.WriteAsync(transition, fenced: true)).ToList();
        var refused = storage.Messages.WriteAsync(bad, fenced: true);
        writes.AddRange(good.Select(transition => storage.Messages.WriteAsync(transition.Sent(), fenced: false)));

        await Assert.ThrowsAsync<InvalidOperationException>(() => refused);
        Assert.All(await Task.WhenAll(writes), outcome => Assert.Equal(WriteOutcome.Written, outcome));
    }

    /// <summary><c>null</c> for an outcome that is unknown.</summary>
    protected static async Task<WriteOutcome?> OutcomeAsync(Func<Task<WriteOutcome>> write)
    {
        try
        {
            return await write();
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
    }
}

public sealed class SqliteEndOfProcessTests(SqliteStorage storage) : EndOfProcessContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryEndOfProcessTests(MemoryStorage storage) : EndOfProcessContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlEndOfProcessTests(PostgreSqlStorage storage)
    : EndOfProcessContract(storage), IClassFixture<PostgreSqlStorage>
{
    private const string Writers =
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'wuts-writer' AND datname = current_database() OFFSET 0";

    [StorageFact]
    public async Task A_broken_connection_loses_nothing_that_was_reported_and_the_next_write_connects_again()
    {
        var device = await storage.NewDeviceAsync();
        var reported = new List<string>();
        for (var round = 0; round < 5; round++)
        {
            var accepted = Enumerable.Range(0, 100).Select(i => NewAcceptance(device, i)).ToArray();
            var writes = accepted.Select(transition => OutcomeAsync(() => storage.Messages.WriteAsync(transition, fenced: true))).ToArray();
            await storage.CountAsync($"({Writers}) AS writer WHERE pg_terminate_backend(pid)");
            var outcomes = await Task.WhenAll(writes);
            reported.AddRange(accepted.Where((_, i) => outcomes[i] == WriteOutcome.Written).Select(transition => transition.Message.Envelope.Id));
            await OutcomeAsync(() => storage.Messages.WriteAsync(NewAcceptance(device), fenced: true));
            await storage.WriteAsync(NewAcceptance(device), fenced: true);
        }

        var stored = await storage.QueryAsync($"SELECT id FROM messages WHERE tenant_id = '{device.TenantId}'");
        Assert.Subset(stored.ToHashSet(), reported.ToHashSet<string?>());
    }
}

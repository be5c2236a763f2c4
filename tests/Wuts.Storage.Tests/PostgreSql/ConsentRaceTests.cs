using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.PostgreSql;

/// <summary>Nothing is claimed after an opt-out has committed, as the server itself orders commits.</summary>
[NeedsPostgreSql]
public sealed class ConsentRaceTests(PostgreSqlStorage storage) : IClassFixture<PostgreSqlStorage>
{
    // Each commit takes a number under a lock that it keeps, so the order of the numbers is the order of the commits.
    private const string NumberTheCommits = """
        CREATE TABLE commit_order (n bigint GENERATED ALWAYS AS IDENTITY, what text NOT NULL, tenant_id text NOT NULL, chat_jid text NOT NULL);
        CREATE FUNCTION note_commit() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(7);
            INSERT INTO commit_order (what, tenant_id, chat_jid) VALUES (TG_ARGV[0], NEW.tenant_id, NEW.chat_jid);
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER claimed AFTER UPDATE ON messages DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (NEW.attempt > OLD.attempt) EXECUTE FUNCTION note_commit('claim');
        CREATE CONSTRAINT TRIGGER opted_out AFTER INSERT OR UPDATE ON consents DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (NEW.state = 'opted_out') EXECUTE FUNCTION note_commit('opt-out');
        """;

    [StorageFact]
    public async Task No_claim_of_two_processes_commits_after_an_opt_out()
    {
        await ExecuteAsync(NumberTheCommits);
        ServiceProvider[] processes = [NewProcess(), NewProcess()];
        var writers = processes.Select(process => process.GetRequiredService<IMessageStore>()).ToArray();
        var device = await storage.NewDeviceAsync();
        var chats = Enumerable.Range(0, 40).Select(i => Jid.User($"55119999900{i:D2}")).ToArray();
        var queued = new List<Transition>();
        foreach (var envelope in Enumerable.Range(0, 30).SelectMany(_ => chats).Select((chat, position) => NewEnvelope(device, position, chat)))
        {
            queued.Add(Message.Accept(envelope, 1, claim: false));
        }

        await Task.WhenAll(queued.Select(message => storage.Messages.WriteAsync(message, fenced: true)));
        var consents = processes[1].GetRequiredService<IConsentStore>();
        var claims = Task.WhenAll(queued.Select((message, i) => writers[i % 2].WriteAsync(message.Message.Claim(1, T0)!, fenced: true)));
        await Task.WhenAll(chats.Select<string, Task>((chat, i) => i % 2 == 0 ? PutAsync(consents, device, chat) : HearAsync(device, chat)));
        var outcomes = await claims;

        Assert.Equal(
            outcomes.LongCount(outcome => outcome == WriteOutcome.Written), await storage.CountAsync("commit_order WHERE what = 'claim'"));
        Assert.Equal(chats.Length, await storage.CountAsync("commit_order WHERE what = 'opt-out'"));
        Assert.Equal(0, await storage.CountAsync(
            "commit_order c JOIN commit_order o ON o.chat_jid = c.chat_jid AND o.what = 'opt-out' WHERE c.what = 'claim' AND c.n > o.n"));
    }

    [StorageFact]
    public async Task An_opt_out_waits_for_the_flush_that_is_under_way_and_the_next_flush_for_the_opt_out()
    {
        var device = await storage.NewDeviceAsync();
        var message = await storage.WriteAsync(NewAcceptance(device, claim: false), fenced: true);
        await using var connection = new NpgsqlConnection(storage.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("SELECT 1 FROM messages WHERE id = $1 FOR UPDATE", connection))
        {
            hold.Parameters.Add(new() { Value = message.Message.Envelope.Id });
            await hold.ExecuteNonQueryAsync();
        }

        var claim = storage.Messages.WriteAsync(message.Message.Claim(1, T0)!, fenced: true);
        await WaitersAsync(1);
        var optOut = PutAsync(storage.Get<IConsentStore>(), device, message.Message.Envelope.ChatJid);
        await WaitersAsync(2);
        var late = storage.StartProcess().GetRequiredService<IMessageStore>().WriteAsync(NewAcceptance(device, 2), fenced: true);
        await WaitersAsync(3);
        await transaction.RollbackAsync();

        Assert.Equal(WriteOutcome.Written, await claim);
        await optOut;
        Assert.Equal(WriteOutcome.Conflict, await late);
    }

    // Small flushes, so that there are many.
    private ServiceProvider NewProcess() => storage.StartProcess(options => options.MaxRows = 10);

    private static Task<Consent> PutAsync(IConsentStore consents, DeviceKey device, string chat) => consents.PutAsync(OptOut(device, chat));

    private Task<int> HearAsync(DeviceKey device, string chat) => storage.Get<IInboxStore>().AppendReceivedAsync(
        device,
        [new(new InboundMessage($"in-{chat}", chat, chat, chat, "STOP", null, T0), "{}", new(OptOut(device, chat), new("consent.opted_out", T0, "{}")))]);

    private static Consent OptOut(DeviceKey device, string chat) => new()
    {
        TenantId = device.TenantId, ChatJid = chat, State = ConsentState.OptedOut, Source = ConsentSource.Api, At = T0, Since = T0,
    };

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(storage.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Returns when so many connections to this database wait for a lock.</summary>
    private async Task WaitersAsync(int expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await storage.CountAsync("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") < expected)
        {
            Assert.False(limit.IsCancellationRequested, $"{expected} connections never waited for a lock.");
        }
    }
}

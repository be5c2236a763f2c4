using Npgsql;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.PostgreSql;

/// <summary>What must wait for a flush that began before it. The flush is held up by a foreign row under the id that it inserts.</summary>
[NeedsPostgreSql]
public sealed class FlushInFlightTests(PostgreSqlStorage storage) : IClassFixture<PostgreSqlStorage>
{
    [StorageFact]
    public async Task An_epoch_is_raised_only_after_the_flush_that_saw_the_old_one()
    {
        var device = await storage.NewDeviceAsync();
        var accepted = NewAcceptance(device);
        await using var held = await HoldUpAsync(accepted.Message.Envelope.TenantId, accepted.Message.Envelope.Id);

        var write = storage.Messages.WriteAsync(accepted, fenced: true);
        await held.WaitersAsync(1);
        var raise = storage.Devices.RaiseEpochAsync(device);
        await held.WaitersAsync(2);
        await held.LetGoAsync();

        Assert.Equal(WriteOutcome.Written, await write);
        Assert.Equal(2, (await raise)!.Epoch);
    }

    [StorageFact]
    public async Task A_tenant_is_counted_anew_only_after_the_flush_that_saw_the_old_epoch()
    {
        var device = await storage.NewDeviceAsync((await storage.NewTenantAsync()).Id);
        var usage = storage.Get<ITenantUsageStore>();
        var envelope = NewEnvelope(device) with { QuotaEpoch = await usage.BeginEpochAsync(device.TenantId) };
        await using var held = await HoldUpAsync(envelope.TenantId, envelope.Id);

        var write = storage.Messages.WriteAsync(Domain.Delivery.Message.Accept(envelope, 1, claim: false), fenced: true);
        await held.WaitersAsync(1);
        var begin = usage.BeginEpochAsync(device.TenantId);
        await held.WaitersAsync(2);
        await held.LetGoAsync();

        Assert.Equal(WriteOutcome.Written, await write);
        Assert.Equal(envelope.QuotaEpoch + 1, await begin);
    }

    [StorageFact]
    public async Task A_subscription_is_made_only_after_the_flush_that_did_not_see_it()
    {
        var device = await storage.NewDeviceAsync();
        var claimed = NewAcceptance(device);
        await using var held = await HoldUpAsync(claimed.Message.Envelope.TenantId, claimed.Message.Envelope.Id);

        var write = storage.Messages.WriteAsync(claimed, fenced: false);
        await held.WaitersAsync(1);
        var put = storage.SubscribeAsync(device, WebhookEvents.MessageSent);
        await held.WaitersAsync(2);
        await held.LetGoAsync();

        Assert.Equal(WriteOutcome.Written, await write);
        var endpoint = await put;
        await storage.WriteAsync(claimed.Sent());
        Assert.Single(await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10));
    }

    private async Task<HeldFlush> HoldUpAsync(string tenantId, string messageId)
    {
        var connection = new NpgsqlConnection(storage.ConnectionString);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO messages (tenant_id, id, device_id, user_id, chat_jid, kind, content, fingerprint, accepted_at, due_at, typing_ms,
                position, version, device_epoch, attempt, dispatch, state, open, attention)
            VALUES ($1, $2, '', '', '', '', '', '', now(), now(), 0, 0, 1, 0, 0, 0, 0, false, false)
            """,
            connection)
        {
            Parameters = { new() { Value = tenantId }, new() { Value = messageId } },
        };
        await insert.ExecuteNonQueryAsync();
        return new HeldFlush(storage, connection, transaction);
    }

    private sealed class HeldFlush(SqlStorage storage, NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        /// <summary>Returns when so many connections to this database wait for a lock.</summary>
        public async Task WaitersAsync(int expected)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (await storage.CountAsync("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") < expected)
            {
                Assert.False(limit.IsCancellationRequested, $"{expected} connections never waited for a lock.");
            }
        }

        public Task LetGoAsync() => transaction.RollbackAsync();

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}

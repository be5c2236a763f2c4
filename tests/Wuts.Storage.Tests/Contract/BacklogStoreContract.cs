using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

/// <summary>One test a database: what it reads is of all tenants.</summary>
public abstract class BacklogStoreContract(StorageFixture storage)
{
    [StorageFact]
    public async Task What_waits_is_read_and_what_is_done_or_not_due_is_not()
    {
        var now = T0.AddHours(1);
        Assert.Equal(new Backlog(null, 0, 0, 0, null, 0), await ReadAsync());

        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device, WebhookEvents.MessageSent);
        var disabled = await storage.NewDeviceAsync(device.TenantId);
        var silent = await storage.SubscribeAsync(disabled, WebhookEvents.MessageSent);
        await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(disabled))).Sent());
        await storage.Webhooks.DisableAsync(device.TenantId, silent.Id, "410 Gone", T0);

        await AcceptAsync(acceptedAt: T0.AddMinutes(-9), dueAt: now.AddMinutes(1));
        await AcceptAsync(acceptedAt: T0.AddMinutes(-8), dueAt: T0, heldUntil: now.AddDays(1));
        await AcceptAsync(acceptedAt: T0.AddMinutes(-7), dueAt: T0, heldUntil: T0.AddMinutes(2));
        await AcceptAsync(acceptedAt: T0.AddMinutes(-6), dueAt: T0.AddMinutes(1));
        foreach (var minute in new[] { 5, 6, 7 })
        {
            var sent = await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent(T0.AddMinutes(minute)));
            await storage.WriteAsync(minute == 5 ? sent.Message.FlagOverdue(T0)! : sent.Reached(DeliveryStage.Delivered));
        }

        var claimed = await storage.WriteAsync(NewAcceptance(device));
        var uncertain = await storage.WriteAsync(claimed.Message.Record(1, 1, new DispatchOutcome.Unknown("the line broke"), T0)!);
        await storage.WriteAsync(uncertain.Message.Record(1, 1, new DispatchOutcome.LeftUncertain(), T0)!);

        Assert.Equal(new Backlog(T0.AddMinutes(2), 1, 1, 3, T0.AddMinutes(5), 0), await ReadAsync());

        await storage.Webhooks.SaveProgressAsync(new WebhookProgress(device.TenantId, endpoint.Id, 2,
        [
            new WebhookAttemptRecord(1, 1, T0, new WebhookAttempt(WebhookVerdict.Failed, 500, "oops", TimeSpan.Zero), T0),
            new WebhookAttemptRecord(2, 1, T0, new WebhookAttempt(WebhookVerdict.Failed, 500, "oops", TimeSpan.Zero), NextAttemptAt: null),
        ]));

        Assert.Equal(new Backlog(T0.AddMinutes(2), 1, 1, 1, T0.AddMinutes(7), 1), await ReadAsync());

        Task<Backlog> ReadAsync() => storage.Get<IBacklogStore>().ReadAsync(now);

        Task AcceptAsync(DateTimeOffset acceptedAt, DateTimeOffset dueAt, DateTimeOffset? heldUntil = null) => storage.WriteAsync(Message.Accept(
            NewEnvelope(device) with
            {
                AcceptedAt = acceptedAt, DueAt = dueAt, Placement = new(heldUntil, heldUntil is null ? null : HoldReason.WarmUp, Contact: null),
            },
            1,
            claim: false));
    }
}

public sealed class SqliteBacklogStoreTests(SqliteStorage storage) : BacklogStoreContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryBacklogStoreTests(MemoryStorage storage) : BacklogStoreContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlBacklogStoreTests(PostgreSqlStorage storage) : BacklogStoreContract(storage), IClassFixture<PostgreSqlStorage>;

using Wuts.Domain.Delivery;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class QueueContract(StorageFixture storage)
{
    [StorageFact]
    public async Task Unsent_messages_are_listed_in_order_of_position_a_page_at_a_time()
    {
        var device = await storage.NewDeviceAsync();
        var positions = new long[] { 5, -3, 9, 1, 7 };
        foreach (var position in positions)
        {
            await storage.WriteAsync(NewAcceptance(device, position, claim: false));
        }

        var first = await storage.Messages.ListUnsentAsync(device, long.MinValue, 3);
        var second = await storage.Messages.ListUnsentAsync(device, first[^1].Position, 3);

        Assert.Equal([-3, 1, 5], first.Select(message => message.Position));
        Assert.Equal([7, 9], second.Select(message => message.Position));
    }

    [StorageFact]
    public async Task Only_what_waits_for_its_dispatch_is_listed()
    {
        var device = await storage.NewDeviceAsync();
        var queued = await storage.WriteAsync(NewAcceptance(device, 1, claim: false));
        var claimed = await storage.WriteAsync(NewAcceptance(device, 2));
        var retried = await storage.WriteAsync(NewAcceptance(device, 3));
        await storage.WriteAsync(retried.Message.Record(1, 1, new DispatchOutcome.Retry(AFailure, T0.AddMinutes(5)), T0)!);
        var uncertain = await storage.WriteAsync(NewAcceptance(device, 4));
        await storage.WriteAsync(uncertain.Message.Record(1, 1, new DispatchOutcome.Unknown("the line broke"), T0)!);
        await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device, 5))).Sent());

        var unsent = await storage.Messages.ListUnsentAsync(device, long.MinValue, 10);

        Assert.Equal(
            [
                new UnsentMessage(queued.Message.Envelope.Id, queued.Message.Envelope.ChatJid, 1, T0, TimeSpan.FromSeconds(3), MessageState.Queued, 1, 0, AcceptedAt: T0),
                new UnsentMessage(claimed.Message.Envelope.Id, claimed.Message.Envelope.ChatJid, 2, T0, TimeSpan.FromSeconds(3), MessageState.Dispatching, 1, 1, AcceptedAt: T0),
                new UnsentMessage(retried.Message.Envelope.Id, retried.Message.Envelope.ChatJid, 3, T0.AddMinutes(5), TimeSpan.FromSeconds(3), MessageState.Queued, 1, 1, AcceptedAt: T0, Hold: HoldReason.Retry),
                new UnsentMessage(uncertain.Message.Envelope.Id, uncertain.Message.Envelope.ChatJid, 4, T0, TimeSpan.FromSeconds(3), MessageState.Uncertain, 1, 1, AcceptedAt: T0),
            ],
            unsent.AsEnumerable());
    }

    [StorageFact]
    public async Task An_unsent_message_is_listed_with_its_trace()
    {
        var device = await storage.NewDeviceAsync();
        await storage.WriteAsync(Message.Accept(NewEnvelope(device) with { TraceParent = ATraceParent }, 1, claim: false));

        Assert.Equal(ATraceParent, Assert.Single(await storage.Messages.ListUnsentAsync(device, long.MinValue, 10)).TraceParent);
    }

    [StorageFact]
    public async Task What_was_left_uncertain_leaves_the_queue()
    {
        var device = await storage.NewDeviceAsync();
        var claimed = await storage.WriteAsync(NewAcceptance(device));
        var uncertain = await storage.WriteAsync(claimed.Message.Record(1, 1, new DispatchOutcome.Unknown("the line broke"), T0)!);
        await storage.WriteAsync(uncertain.Message.Record(1, 1, new DispatchOutcome.LeftUncertain(), T0)!);

        Assert.Empty(await storage.Messages.ListUnsentAsync(device, long.MinValue, 10));
    }

    [StorageFact]
    public async Task Devices_with_unsent_messages_are_listed_once_each()
    {
        var waiting = await storage.NewDeviceAsync();
        var done = await storage.NewDeviceAsync();
        await storage.WriteAsync(NewAcceptance(waiting, 1, claim: false));
        await storage.WriteAsync(NewAcceptance(waiting, 2, claim: false));
        await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(done))).Sent());

        var devices = await storage.Messages.ListDevicesWithUnsentAsync();

        Assert.Single(devices, waiting);
        Assert.DoesNotContain(done, devices);
    }

    [StorageFact]
    public async Task Overdue_candidates_are_sent_without_a_receipt_and_not_flagged_oldest_first()
    {
        var device = await storage.NewDeviceAsync();
        var old = await SentAsync(T0.AddDays(-5));
        var older = await SentAsync(T0.AddDays(-6));
        var flagged = await SentAsync(T0.AddDays(-7));
        var delivered = await SentAsync(T0.AddDays(-8));
        await SentAsync(T0.AddDays(-1));
        await storage.WriteAsync(flagged.Message.FlagOverdue(T0)!);
        await storage.WriteAsync(delivered.Reached(DeliveryStage.Delivered));

        var overdue = await storage.Messages.ListOverdueAsync(T0.AddDays(-3), 10);
        var first = await storage.Messages.ListOverdueAsync(T0.AddDays(-3), 1);

        Assert.Equal([older.Message.Envelope.Id, old.Message.Envelope.Id], overdue.Select(message => message.MessageId));
        Assert.Equal((device.TenantId, older.Message.Envelope.Id), Assert.Single(first));

        async Task<Transition> SentAsync(DateTimeOffset acceptedAt)
        {
            var accepted = Message.Accept(NewEnvelope(device) with { AcceptedAt = acceptedAt, DueAt = acceptedAt }, 1, claim: true);
            return await storage.WriteAsync((await storage.WriteAsync(accepted)).Sent());
        }
    }

    [StorageFact]
    public async Task Overdue_candidates_of_one_moment_are_listed_by_their_ids()
    {
        var device = await storage.NewDeviceAsync();
        var sent = new List<Transition>();
        for (var i = 0; i < 8; i++)
        {
            var accepted = Message.Accept(NewEnvelope(device) with { AcceptedAt = T0.AddDays(-20) }, 1, claim: true);
            sent.Add(await storage.WriteAsync((await storage.WriteAsync(accepted)).Sent()));
        }

        var overdue = await storage.Messages.ListOverdueAsync(T0.AddDays(-20).AddTicks(15), 8);
        var none = await storage.Messages.ListOverdueAsync(T0.AddDays(-20).AddTicks(5), 8);
        foreach (var transition in sent)
        {
            await storage.WriteAsync(transition.Reached(DeliveryStage.Delivered)); // or they would be candidates of the next test
        }

        Assert.Equal(sent.Select(transition => transition.Message.Envelope.Id).Order(StringComparer.Ordinal), overdue.Select(message => message.MessageId));
        Assert.Empty(none);
    }

    [StorageFact]
    public async Task Nothing_of_another_tenant_is_seen()
    {
        var device = await storage.NewDeviceAsync();
        var accepted = await storage.WriteAsync(NewAcceptance(device, claim: false));
        var foreign = device with { TenantId = NewId() };

        Assert.Null(await storage.Messages.FindAsync(foreign.TenantId, accepted.Message.Envelope.Id));
        Assert.Empty(await storage.Messages.ReadTimelineAsync(foreign.TenantId, accepted.Message.Envelope.Id));
        Assert.Empty(await storage.Messages.ListUnsentAsync(foreign, long.MinValue, 10));
    }
}

public sealed class SqliteQueueTests(SqliteStorage storage) : QueueContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryQueueTests(MemoryStorage storage) : QueueContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlQueueTests(PostgreSqlStorage storage) : QueueContract(storage), IClassFixture<PostgreSqlStorage>;

using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Tests.Fixtures;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Tests.Contract;

/// <summary>One flush, without the writer in front of it.</summary>
public abstract class FlushTargetContract(StorageFixture storage)
{
    private IFlushTarget Target => storage.Get<IFlushTarget>();

    [StorageFact]
    public async Task A_flush_with_an_unacceptable_write_stores_nothing_at_all()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        var good = NewAcceptance(device);
        var bad = Message.Accept(NewEnvelope(device) with { Id = "~last", Fingerprint = null! }, 1, claim: true);

        var refused = await Assert.ThrowsAsync<FlushRolledBackException>(() => Target.FlushAsync(
        [
            Session(device, epoch: 1),
            Inbox(device, "a"),
            new StorageWrite.OfMessage(good, Fenced: true),
            new StorageWrite.OfMessage(bad, Fenced: true),
        ]));

        var events = await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10);
        var inbox = await Target.FlushAsync([Inbox(device, "a")]);

        Assert.False(refused.Transient);
        Assert.Empty(events);
        Assert.Equal([1], inbox.Stored);
        Assert.Null(await storage.Messages.FindAsync(device.TenantId, good.Message.Envelope.Id));
        Assert.Equal(DeviceState.Disconnected, (await storage.Devices.FindAsync(device))!.Session.State);
    }

    [StorageFact]
    public async Task Each_write_gets_its_own_outcome_and_each_endpoint_with_news_is_named_once()
    {
        var device = await storage.NewDeviceAsync();
        var stale = await storage.NewDeviceAsync(device.TenantId);
        var silent = await storage.NewDeviceAsync(device.TenantId);
        var endpoint = await storage.SubscribeAsync(device);
        await storage.SubscribeAsync(stale);
        await storage.SubscribeAsync(silent, WebhookEvents.MessageRead);
        await Target.FlushAsync([Inbox(device, "a", "b")]);
        var (accepted, other) = (NewAcceptance(device), NewAcceptance(silent));
        await storage.WriteAsync(accepted);
        await storage.WriteAsync(other);

        var outcome = await Target.FlushAsync(
        [
            Session(device, epoch: 1),
            Session(stale, epoch: 0),
            Inbox(device, "a", "c", "d"),
            new StorageWrite.OfMessage(accepted.Sent(), Fenced: false),
            new StorageWrite.OfMessage(other.Sent(), Fenced: false),
            new StorageWrite.OfMessage(NewAcceptance(stale, epoch: 0), Fenced: true),
        ]);

        Assert.Equal([1, 0, 2, 1, 1, 0], outcome.Stored);
        Assert.Equal([new EndpointKey(device.TenantId, endpoint.Id)], outcome.Endpoints);
    }

    [StorageFact]
    public async Task The_events_of_a_flush_are_numbered_in_the_order_of_its_writes()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        var accepted = await storage.WriteAsync(NewAcceptance(device));
        var sent = await storage.WriteAsync(accepted.Sent());
        var read = sent.Message.Apply(
            [new DeliveryEvent(DeliveryStage.Delivered, T0.AddSeconds(9)), new DeliveryEvent(DeliveryStage.Read, T0.AddSeconds(8))])!;

        await Target.FlushAsync([Session(device, epoch: 1), Inbox(device, "b", "a"), new StorageWrite.OfMessage(read, Fenced: false)]);

        var events = await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 1, 10);
        Assert.Equal([2, 3, 4, 5, 6], events.Select(e => e.Sequence));
        Assert.Equal(
            ["session", "b", "a", WebhookEvents.MessageDelivered, WebhookEvents.MessageRead],
            events.Select(e => e.DataJson is { } data ? data.Trim('"') : e.Type));
    }

    private static StorageWrite.OfSession Session(DeviceKey device, long epoch) => new(
        device,
        epoch,
        DeviceSession.New(T0) with { State = DeviceState.LoggedOut },
        null,
        T0,
        [new DeviceNotice(WebhookEvents.DeviceDisconnected, T0, "\"session\"")]);

    private static StorageWrite.OfInbox Inbox(DeviceKey device, params string[] ids) => new(
        device,
        [
            .. ids.Select(id => new InboxRow(
                device.TenantId, device.DeviceId, "received", id, T0, "{}", new DeviceNotice(WebhookEvents.MessageReceived, T0, $"\"{id}\""))),
        ]);
}

public sealed class SqliteFlushTargetTests(SqliteStorage storage) : FlushTargetContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryFlushTargetTests(MemoryStorage storage) : FlushTargetContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlFlushTargetTests(PostgreSqlStorage storage) : FlushTargetContract(storage), IClassFixture<PostgreSqlStorage>;

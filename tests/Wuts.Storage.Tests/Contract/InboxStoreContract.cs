using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class InboxStoreContract(StorageFixture storage)
{
    [StorageFact]
    public async Task A_received_message_is_kept_once_and_told_once()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        var inbox = storage.Get<IInboxStore>();

        Assert.Equal(2, await inbox.AppendReceivedAsync(device, [Received("a"), Received("b"), Received("a")]));
        Assert.Equal(1, await inbox.AppendReceivedAsync(device, [Received("b"), Received("c")]));
        Assert.Equal(0, await inbox.AppendReceivedAsync(device, []));

        var events = await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10);
        Assert.Equal(["{\"id\":\"a\"}", "{\"id\":\"b\"}", "{\"id\":\"c\"}"], events.Select(e => e.DataJson));
        Assert.All(events, e => Assert.Equal((WebhookEvents.MessageReceived, T0, null), (e.Type, e.At, e.Message)));
    }

    [StorageFact]
    public async Task The_same_id_on_another_device_is_another_message()
    {
        var device = await storage.NewDeviceAsync();
        var other = await storage.NewDeviceAsync(device.TenantId);
        var inbox = storage.Get<IInboxStore>();

        Assert.Equal(1, await inbox.AppendReceivedAsync(device, [Received("a")]));
        Assert.Equal(1, await inbox.AppendReceivedAsync(other, [Received("a")]));
    }

    [StorageFact]
    public async Task Appending_the_same_at_once_from_many_places_keeps_it_once()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        ImmutableArray<ReceivedMessage> messages = [Received("a"), Received("b")];

        var counts = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => storage.Get<IInboxStore>().AppendReceivedAsync(device, messages)));

        Assert.Equal(2, counts.Sum());
        Assert.Equal(2, (await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10)).Length);
    }

    [StorageFact]
    public async Task An_orphaned_receipt_is_kept_once_for_each_stage()
    {
        var device = await storage.NewDeviceAsync();
        var delivered = new DeviceEvent.Receipt("3EB0FF", new DeliveryEvent(DeliveryStage.Delivered, T0));
        var read = new DeviceEvent.Receipt("3EB0FF", new DeliveryEvent(DeliveryStage.Read, T0));

        await storage.Get<IInboxStore>().AppendOrphansAsync(device, [delivered, read], T0);
        await storage.Get<IInboxStore>().AppendOrphansAsync(device, [delivered], T0.AddSeconds(1));

        Assert.Equal(2, await storage.CountOrphansAsync(device));
    }

    private static ReceivedMessage Received(string id) => new(
        new InboundMessage(id, "5511999990001@s.whatsapp.net", "5511999990001@s.whatsapp.net", "5511999990002@s.whatsapp.net", "hi\u0000", "Ana", T0),
        $"{{\"id\":\"{id}\"}}");

    [StorageFact]
    public async Task A_notice_is_told_once()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device, WebhookEvents.QuotaExceeded);
        var notice = new DeviceNotice(WebhookEvents.QuotaExceeded, T0, "{\"a\":1}");

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => storage.Get<IInboxStore>().AppendNoticeAsync(device, "n1", notice)));
        await storage.Get<IInboxStore>().AppendNoticeAsync(device, "n2", notice);

        var events = await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10);
        Assert.Equal([new OutboxEvent(1, WebhookEvents.QuotaExceeded, T0, null, "{\"a\":1}"), new(2, WebhookEvents.QuotaExceeded, T0, null, "{\"a\":1}")], events.AsEnumerable());
    }
}

public sealed class SqliteInboxStoreTests(SqliteStorage storage) : InboxStoreContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryInboxStoreTests(MemoryStorage storage) : InboxStoreContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlInboxStoreTests(PostgreSqlStorage storage) : InboxStoreContract(storage), IClassFixture<PostgreSqlStorage>;

using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class WebhookStoreContract(StorageFixture storage)
{
    [StorageFact]
    public async Task An_endpoint_comes_back_as_it_was_put()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = NewEndpoint(device, WebhookEvents.MessageSent) with { Retries = 4, ProtectedSecret = "protected" };

        AssertSame(endpoint, await storage.Webhooks.PutAsync(endpoint));
        AssertSame(endpoint, (await storage.Webhooks.FindAsync(device.TenantId, endpoint.Id))!);
        AssertSame(endpoint, (await storage.Webhooks.FindByDeviceAsync(device.TenantId, device.DeviceId))!);
        Assert.Null(await storage.Webhooks.FindAsync(NewId(), endpoint.Id));
        Assert.Null(await storage.Webhooks.FindByDeviceAsync(NewId(), device.DeviceId));
    }

    [StorageFact]
    public async Task A_replaced_endpoint_keeps_its_id_its_creation_and_its_numbering()
    {
        var device = await storage.NewDeviceAsync();
        var first = await storage.SubscribeAsync(device, WebhookEvents.MessageSent);
        await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
        var replacement = NewEndpoint(device, WebhookEvents.MessageSent) with
        {
            Url = new Uri("https://other.example/"), CreatedAt = T0.AddDays(1), UpdatedAt = T0.AddDays(1),
        };

        AssertSame(replacement with { Id = first.Id, CreatedAt = first.CreatedAt }, await storage.Webhooks.PutAsync(replacement));

        await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
        Assert.Equal([1, 2], (await storage.Webhooks.ReadAfterAsync(device.TenantId, first.Id, 0, 10)).Select(e => e.Sequence));
    }

    [StorageFact]
    public async Task Only_subscribed_events_are_written_with_the_message_as_it_is_now()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device, WebhookEvents.MessageSent, WebhookEvents.MessageRead, "a.name.unknown.here");
        var sent = await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
        var delivered = await storage.WriteAsync(sent.Reached(DeliveryStage.Delivered));
        await storage.WriteAsync(delivered.Reached(DeliveryStage.Read));

        var events = await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10);

        Assert.Equal([(1, WebhookEvents.MessageSent), (2, WebhookEvents.MessageRead)], events.Select(e => (e.Sequence, e.Type)));
        Assert.All(events, e => Assert.Equal((MessageState.Read, null), (e.Message!.State, e.DataJson)));
        Assert.Equal(2, Assert.Single(await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 1, 10)).Sequence);
        Assert.Empty(await storage.Webhooks.ReadAfterAsync(NewId(), endpoint.Id, 0, 10));
        Assert.True(storage.Listener.Heard(new EndpointKey(device.TenantId, endpoint.Id)));
    }

    [StorageFact]
    public async Task An_event_carries_the_trace_of_what_caused_it_also_when_it_is_tried_again()
    {
        const string Nearer = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device, WebhookEvents.MessageSent, WebhookEvents.MessageDelivered);
        var traced = await storage.WriteAsync(Message.Accept(NewEnvelope(device) with { TraceParent = ATraceParent }, 1, claim: true));
        var sent = await storage.WriteAsync(traced.Sent());
        await storage.WriteAsync(sent.Reached(DeliveryStage.Delivered) with { TraceParent = Nearer });
        await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
        await storage.Webhooks.SaveProgressAsync(new WebhookProgress(device.TenantId, endpoint.Id, 1,
            [new WebhookAttemptRecord(1, 1, T0, new WebhookAttempt(WebhookVerdict.Failed, 500, "oops", TimeSpan.Zero), T0)]));

        var events = await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10);
        var retries = await storage.Webhooks.ReadRetriesAsync(device.TenantId, endpoint.Id, T0, 10);

        Assert.Equal([ATraceParent, Nearer, null], events.Select(e => e.TraceParent));
        Assert.Equal(ATraceParent, Assert.Single(retries).Event.TraceParent);
    }

    [StorageFact]
    public async Task Events_of_many_writers_are_numbered_without_gaps()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);

        await Task.WhenAll(Enumerable.Range(0, 60).Select(async position =>
        {
            var sent = await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device, position), fenced: true)).Sent());
            await storage.WriteAsync(sent.Reached(DeliveryStage.Delivered));
        }));

        var events = await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 1000);
        Assert.Equal(Enumerable.Range(1, 120).Select(n => (long)n), events.Select(e => e.Sequence));
        Assert.All(events.GroupBy(e => e.Message!.Envelope.Id), message =>
            Assert.Equal([WebhookEvents.MessageSent, WebhookEvents.MessageDelivered], message.Select(e => e.Type)));
    }

    [StorageFact]
    public async Task Every_transition_after_a_subscription_makes_its_event()
    {
        var device = await storage.NewDeviceAsync();
        var accepted = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => storage.WriteAsync(NewAcceptance(device, i))));
        var before = accepted[..15].Select(a => storage.WriteAsync(a.Sent())).ToArray();
        var endpoint = await storage.SubscribeAsync(device);

        await Task.WhenAll(accepted[15..].Select(a => storage.WriteAsync(a.Sent())));
        await Task.WhenAll(before);

        var told = (await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 100)).Select(e => e.Message!.Envelope.Id);
        Assert.Subset(told.ToHashSet(), accepted[15..].Select(a => a.Message.Envelope.Id).ToHashSet());
    }

    [StorageFact]
    public async Task A_disabled_endpoint_gets_no_more_events_keeps_its_outbox_and_can_be_enabled_again()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        await SendAsync();
        await storage.Webhooks.DisableAsync(NewId(), endpoint.Id, "not yours", T0);
        await SendAsync();
        await storage.Webhooks.DisableAsync(device.TenantId, endpoint.Id, "410 Gone", T0.AddHours(1));
        await SendAsync();

        var disabled = await storage.Webhooks.FindAsync(device.TenantId, endpoint.Id);
        Assert.Equal((false, "410 Gone", T0.AddHours(1)), (disabled!.Enabled, disabled.DisabledReason, disabled.UpdatedAt));
        Assert.Equal(2, (await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10)).Length);

        var enabled = await storage.Webhooks.PutAsync(disabled with { Enabled = true });
        await SendAsync();
        Assert.Null(enabled.DisabledReason);
        Assert.Equal(3, (await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10)).Length);

        async Task SendAsync() => await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
    }

    [StorageFact]
    public async Task A_deleted_endpoint_leaves_nothing_behind()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
        await storage.Webhooks.SaveProgressAsync(new WebhookProgress(device.TenantId, endpoint.Id, 1,
            [new WebhookAttemptRecord(1, 1, T0, new WebhookAttempt(WebhookVerdict.Failed, 500, "oops", TimeSpan.Zero), T0)]));

        Assert.False(await storage.Webhooks.DeleteAsync(NewId(), endpoint.Id));
        Assert.True(await storage.Webhooks.DeleteAsync(device.TenantId, endpoint.Id));
        Assert.False(await storage.Webhooks.DeleteAsync(device.TenantId, endpoint.Id));

        Assert.Equal(0, await storage.CountEndpointAsync(endpoint.Id));

        await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device))).Sent());
        Assert.Empty(await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10));
    }

    private static void AssertSame(WebhookEndpoint expected, WebhookEndpoint actual)
    {
        Assert.Equal(expected.Events, actual.Events.AsEnumerable());
        Assert.Equal(expected.Headers, actual.Headers.AsEnumerable());
        Assert.Equal(expected with { Events = [], Headers = ImmutableDictionary<string, string>.Empty },
            actual with { Events = [], Headers = ImmutableDictionary<string, string>.Empty });
    }
}

public sealed class SqliteWebhookStoreTests(SqliteStorage storage) : WebhookStoreContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryWebhookStoreTests(MemoryStorage storage) : WebhookStoreContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlWebhookStoreTests(PostgreSqlStorage storage) : WebhookStoreContract(storage), IClassFixture<PostgreSqlStorage>;

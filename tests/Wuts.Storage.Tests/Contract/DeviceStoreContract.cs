using Wuts.Domain.Devices;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class DeviceStoreContract(StorageFixture storage)
{
    [StorageFact]
    public async Task A_device_comes_back_as_it_was_created()
    {
        var device = NewDevice(NewId()) with { Session = ASession };
        await storage.Devices.CreateAsync(device);

        Assert.Equal(device, await storage.Devices.FindAsync(device.Key));
        Assert.Null(await storage.Devices.FindAsync(device.Key with { TenantId = NewId() }));
    }

    [StorageFact]
    public async Task Devices_are_listed_oldest_first_by_tenant_and_by_user()
    {
        var tenant = NewId();
        var younger = NewDevice(tenant) with { CreatedAt = T0.AddDays(1), UserId = "user-2" };
        var older = NewDevice(tenant);
        await storage.Devices.CreateAsync(younger);
        await storage.Devices.CreateAsync(older);
        await storage.NewDeviceAsync();

        Assert.Equal([older.Id, younger.Id], (await storage.Devices.ListAsync(tenant, null)).Select(device => device.Id));
        Assert.Equal(younger.Id, Assert.Single(await storage.Devices.ListAsync(tenant, "user-2")).Id);
    }

    [StorageFact]
    public async Task Devices_of_one_moment_are_listed_by_their_ids_byte_by_byte()
    {
        var tenant = NewId();
        string[] ids = ["b", "a-", "B", "a", "_", "aa", "é"];
        foreach (var id in ids)
        {
            await storage.Devices.CreateAsync(NewDevice(tenant) with { Id = id, Session = ASession });
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), (await storage.Devices.ListAsync(tenant, null)).Select(device => device.Id));
        Assert.Equal(
            ids.Order(StringComparer.Ordinal),
            (await storage.Devices.ListWantedAsync()).Where(device => device.TenantId == tenant).Select(device => device.DeviceId));
    }

    [StorageFact]
    public async Task A_device_is_created_once()
    {
        var device = NewDevice(NewId());
        await storage.Devices.CreateAsync(device);

        await Assert.ThrowsAnyAsync<Exception>(() => storage.Devices.CreateAsync(device with { Name = "Another" }));

        Assert.Equal(device, await storage.Devices.FindAsync(device.Key));
    }

    [StorageFact]
    public async Task Of_many_devices_created_at_once_no_more_are_than_the_tenant_may_have()
    {
        var tenant = NewTenant();
        await storage.Get<ITenantStore>().RegisterAsync(tenant, NewUser(tenant));
        await storage.Devices.CreateAsync(NewDevice(tenant.Id));

        var created = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => storage.Devices.CreateWithinAsync(NewDevice(tenant.Id) with { Session = ASession }, 5)));

        Assert.Equal(4, created.Count(yes => yes));
        Assert.Equal(5, (await storage.Devices.ListAsync(tenant.Id, null)).Length);
        Assert.True(await storage.Devices.CreateWithinAsync(NewDevice(tenant.Id), 6));
        Assert.False(await storage.Devices.CreateWithinAsync(NewDevice(tenant.Id), 6));
    }

    [StorageFact]
    public async Task A_session_is_saved_under_the_current_epoch_only()
    {
        var device = await storage.NewDeviceAsync();
        Assert.Equal(2, (await storage.Devices.RaiseEpochAsync(device))!.Epoch);

        Assert.Equal(WriteOutcome.Conflict, await storage.Devices.SaveSessionAsync(device, 1, ASession, []));
        Assert.Equal(WriteOutcome.Conflict, await storage.Devices.SaveSessionAsync(device with { TenantId = NewId() }, 2, ASession, []));
        Assert.Equal(WriteOutcome.Written, await storage.Devices.SaveSessionAsync(device, 2, ASession, []));

        var found = await storage.Devices.FindAsync(device);
        Assert.Equal((ASession, storage.Clock.GetUtcNow()), (found!.Session, found.UpdatedAt));
    }

    [StorageFact]
    public async Task Epochs_raised_at_once_are_all_different()
    {
        var device = await storage.NewDeviceAsync();

        var raised = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => storage.Devices.RaiseEpochAsync(device)));

        Assert.Equal(Enumerable.Range(2, 10).Select(epoch => (long)epoch), raised.Select(d => d!.Epoch).Order());
        Assert.Null(await storage.Devices.RaiseEpochAsync(device with { DeviceId = NewId() }));
    }

    [StorageFact]
    public async Task Credentials_are_not_readable_in_the_database()
    {
        var device = await storage.NewDeviceAsync();
        await storage.Devices.SaveSessionAsync(device, 1, ASession, []);

        Assert.Equal("protected:terces", await storage.StoredCredentialsAsync(device));
    }

    [StorageFact]
    public async Task A_session_tells_the_subscribed_endpoint_unless_it_is_refused()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device, WebhookEvents.DeviceConnected);
        DeviceNotice[] notices = [new(WebhookEvents.DeviceConnected, T0, "{\"a\":1}"), new(WebhookEvents.QrGenerated, T0, "{}")];

        await storage.Devices.SaveSessionAsync(device, 7, ASession, [.. notices]);
        await storage.Devices.SaveSessionAsync(device, 1, ASession, [.. notices]);

        var @event = Assert.Single(await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10));
        Assert.Equal(new OutboxEvent(1, WebhookEvents.DeviceConnected, T0, null, "{\"a\":1}"), @event);
    }

    [StorageFact]
    public async Task A_session_and_a_fenced_message_of_one_device_may_be_written_at_once()
    {
        var device = await storage.NewDeviceAsync();
        for (var i = 0; i < 20; i++)
        {
            var written = await Task.WhenAll(
                storage.Messages.WriteAsync(NewAcceptance(device, i), fenced: true),
                storage.Devices.SaveSessionAsync(device, 1, ASession, []),
                storage.Messages.WriteAsync(NewAcceptance(device, i), fenced: true));

            Assert.All(written, outcome => Assert.Equal(WriteOutcome.Written, outcome));
        }
    }

    [StorageFact]
    public async Task A_deleted_device_takes_its_endpoint_along_and_leaves_its_messages()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        var accepted = await storage.WriteAsync(NewAcceptance(device));

        Assert.True(await storage.Devices.DeleteAsync(device));
        Assert.False(await storage.Devices.DeleteAsync(device));

        Assert.Null(await storage.Devices.FindAsync(device));
        Assert.Null(await storage.Webhooks.FindAsync(device.TenantId, endpoint.Id));
        Assert.NotNull(await storage.Messages.FindAsync(device.TenantId, accepted.Message.Envelope.Id));
    }

    [StorageFact]
    public async Task Wanted_devices_are_those_that_are_paired_and_wanted()
    {
        var wanted = await SavedAsync(ASession);
        var unpaired = await SavedAsync(ASession with { Credentials = null });
        var closed = await SavedAsync(ASession with { Wanted = false });

        var devices = await storage.Devices.ListWantedAsync();

        Assert.Contains(wanted, devices);
        Assert.DoesNotContain(unpaired, devices);
        Assert.DoesNotContain(closed, devices);

        async Task<DeviceKey> SavedAsync(DeviceSession session)
        {
            var device = await storage.NewDeviceAsync();
            await storage.Devices.SaveSessionAsync(device, 1, session, []);
            return device;
        }
    }

    private static DeviceSession ASession { get; } = new()
    {
        State = DeviceState.PairCodePending,
        Since = T0.AddSeconds(1),
        Jid = "5511999990001@s.whatsapp.net",
        Credentials = "secret",
        Wanted = true,
        Reason = "a code waits",
        Failures = 3,
        BannedUntil = T0.AddDays(1),
        LastSeenAt = T0.AddHours(-1),
        PairedAt = T0.AddHours(-2),
    };
}

public sealed class SqliteDeviceStoreTests(SqliteStorage storage) : DeviceStoreContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryDeviceStoreTests(MemoryStorage storage) : DeviceStoreContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlDeviceStoreTests(PostgreSqlStorage storage) : DeviceStoreContract(storage), IClassFixture<PostgreSqlStorage>;

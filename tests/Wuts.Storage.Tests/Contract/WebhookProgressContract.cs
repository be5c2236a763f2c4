using Wuts.Domain.Devices;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class WebhookProgressContract(StorageFixture storage)
{
    [StorageFact]
    public async Task A_watermark_only_rises()
    {
        var (device, endpoint) = await BehindAsync(3);
        Assert.Equal(0, await storage.Webhooks.ReadWatermarkAsync(endpoint));

        await SaveAsync(device, endpoint, 2);
        await SaveAsync(device, endpoint, 1);

        Assert.Equal(2, await storage.Webhooks.ReadWatermarkAsync(endpoint));
    }

    [StorageFact]
    public async Task An_endpoint_is_behind_until_its_watermark_reaches_its_last_event()
    {
        var (device, endpoint) = await BehindAsync(2);
        var key = new EndpointKey(device.TenantId, endpoint);

        Assert.Contains(key, await storage.Webhooks.ListBehindAsync(T0));
        await SaveAsync(device, endpoint, 2, Failed(1, 1, T0.AddMinutes(5)));
        Assert.DoesNotContain(key, await storage.Webhooks.ListBehindAsync(T0));
        Assert.Contains(key, await storage.Webhooks.ListBehindAsync(T0.AddMinutes(5)));

        await storage.Webhooks.DisableAsync(device.TenantId, endpoint, "enough", T0);
        Assert.DoesNotContain(key, await storage.Webhooks.ListBehindAsync(T0.AddMinutes(5)));
    }

    [StorageFact]
    public async Task Retries_come_back_when_due_the_most_overdue_first_and_leave_when_delivered()
    {
        var (device, endpoint) = await BehindAsync(3);
        await SaveAsync(device, endpoint, 3, Failed(1, 1, T0.AddMinutes(2)), Failed(2, 1, T0.AddMinutes(1)), Failed(3, 1, T0.AddMinutes(9)));

        var due = await storage.Webhooks.ReadRetriesAsync(device.TenantId, endpoint, T0.AddMinutes(2), 10);
        Assert.Equal([2, 1], due.Select(retry => retry.Event.Sequence));
        Assert.Equal((1, T0.AddMinutes(1), 503, "busy"), (due[0].Attempts, due[0].NextAttemptAt, due[0].LastStatus, due[0].LastError));
        Assert.NotNull(due[0].Event.Message);
        Assert.Equal(T0.AddMinutes(1), await storage.Webhooks.FindNextRetryAsync(endpoint));
        Assert.Empty(await storage.Webhooks.ReadRetriesAsync(NewId(), endpoint, T0.AddMinutes(2), 10));

        await SaveAsync(device, endpoint, 3, Delivered(2, 2), Failed(1, 2, T0.AddMinutes(7)));

        var left = Assert.Single(await storage.Webhooks.ReadRetriesAsync(device.TenantId, endpoint, T0.AddMinutes(7), 10));
        Assert.Equal((1, 2), (left.Event.Sequence, left.Attempts));
    }

    [StorageFact]
    public async Task Several_attempts_at_one_event_may_be_saved_at_once()
    {
        var (device, endpoint) = await BehindAsync(2);
        await SaveAsync(device, endpoint, 2, Failed(1, 1, T0), Failed(1, 2, T0.AddMinutes(1)), Failed(2, 1, T0), Delivered(2, 2));

        var retry = Assert.Single(await storage.Webhooks.ReadRetriesAsync(device.TenantId, endpoint, T0.AddDays(1), 10));
        Assert.Equal((1, 2), (retry.Event.Sequence, retry.Attempts));
        Assert.Equal(4, await storage.CountAttemptsAsync(endpoint));
    }

    [StorageFact]
    public async Task An_older_attempt_that_comes_later_does_not_undo_a_newer_one()
    {
        var (device, endpoint) = await BehindAsync(2);
        await SaveAsync(device, endpoint, 2, Failed(1, 3, T0.AddMinutes(3)), Failed(2, 2, null));
        await SaveAsync(device, endpoint, 1, Failed(1, 2, T0.AddMinutes(2)), Delivered(2, 1), Failed(7, 1, T0));

        var retry = Assert.Single(await storage.Webhooks.ReadRetriesAsync(device.TenantId, endpoint, T0.AddDays(1), 10));
        Assert.Equal((1, 3), (retry.Event.Sequence, retry.Attempts));
        Assert.Equal(2, Assert.Single(await storage.Webhooks.ListDeadLettersAsync(device.TenantId, endpoint, 10)).Event.Sequence);
        Assert.Equal(4, await storage.CountAttemptsAsync(endpoint));
    }

    [StorageFact]
    public async Task Retries_due_at_one_moment_come_in_the_order_of_their_numbers()
    {
        var (device, endpoint) = await BehindAsync(3);
        await SaveAsync(device, endpoint, 3, Failed(3, 1, T0), Failed(1, 1, T0), Failed(2, 1, T0));

        var due = await storage.Webhooks.ReadRetriesAsync(device.TenantId, endpoint, T0, 2);

        Assert.Equal([1, 2], due.Select(retry => retry.Event.Sequence));
    }

    [StorageFact]
    public async Task Saving_progress_again_changes_nothing()
    {
        var (device, endpoint) = await BehindAsync(2);
        var first = Failed(1, 1, T0.AddMinutes(1));
        await SaveAsync(device, endpoint, 2, first);
        await SaveAsync(device, endpoint, 2, first);
        await SaveAsync(device, endpoint, 2, Delivered(1, 2));
        await SaveAsync(device, endpoint, 2, first);

        Assert.Null(await storage.Webhooks.FindNextRetryAsync(endpoint));
        Assert.Equal(2, await storage.CountAttemptsAsync(endpoint));
    }

    [StorageFact]
    public async Task Dead_letters_are_kept_newest_first_and_are_never_due()
    {
        var (device, endpoint) = await BehindAsync(3);
        await SaveAsync(device, endpoint, 3, Failed(1, 10, null), Failed(3, 10, null), Failed(2, 1, T0));

        var dead = await storage.Webhooks.ListDeadLettersAsync(device.TenantId, endpoint, 10);

        Assert.Equal([3, 1], dead.Select(letter => letter.Event.Sequence));
        Assert.All(dead, letter => Assert.Null(letter.NextAttemptAt));
        Assert.Equal(2, Assert.Single(await storage.Webhooks.ReadRetriesAsync(device.TenantId, endpoint, T0.AddYears(1), 10)).Event.Sequence);
        Assert.Empty(await storage.Webhooks.ListDeadLettersAsync(NewId(), endpoint, 10));
    }

    [StorageFact]
    public async Task Progress_of_an_endpoint_that_is_gone_leaves_nothing()
    {
        var (device, endpoint) = await BehindAsync(1);
        await storage.Webhooks.DeleteAsync(device.TenantId, endpoint);

        await SaveAsync(device, endpoint, 1, Failed(1, 1, T0));

        Assert.Equal(0, await storage.Webhooks.ReadWatermarkAsync(endpoint));
        Assert.Equal(0, await storage.CountEndpointAsync(endpoint));
    }

    private static WebhookAttemptRecord Failed(long sequence, int number, DateTimeOffset? next) =>
        new(sequence, number, T0, new WebhookAttempt(WebhookVerdict.Failed, 503, "busy", TimeSpan.FromMilliseconds(7)), next);

    private static WebhookAttemptRecord Delivered(long sequence, int number) =>
        new(sequence, number, T0, new WebhookAttempt(WebhookVerdict.Delivered, 200, null, TimeSpan.FromMilliseconds(7)), null);

    private Task SaveAsync(DeviceKey device, string endpointId, long through, params WebhookAttemptRecord[] attempts) =>
        storage.Webhooks.SaveProgressAsync(new WebhookProgress(device.TenantId, endpointId, through, [.. attempts]));

    private async Task<(DeviceKey Device, string EndpointId)> BehindAsync(int events)
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        for (var i = 0; i < events; i++)
        {
            await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(device, i))).Sent());
        }

        return (device, endpoint.Id);
    }
}

public sealed class SqliteWebhookProgressTests(SqliteStorage storage) : WebhookProgressContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryWebhookProgressTests(MemoryStorage storage) : WebhookProgressContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlWebhookProgressTests(PostgreSqlStorage storage)
    : WebhookProgressContract(storage), IClassFixture<PostgreSqlStorage>;

using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class HealthStoreContract(StorageFixture storage)
{
    private const string Ana = "5511999990001@s.whatsapp.net";
    private const string Bia = "5511999990002@s.whatsapp.net";

    private IHealthStore Health => storage.Get<IHealthStore>();

    [StorageFact]
    public async Task Health_comes_back_as_it_was_saved()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        Assert.Null(await Health.FindAsync(device));

        Assert.Equal(WriteOutcome.Written, await Health.SaveAsync(device, 1, AHealth, [new(WebhookEvents.DeviceQuality, T0, "{}")]));
        Assert.Equal(WriteOutcome.Written, await Health.SaveAsync(device, 1, AHealth with { BannedAt = T0 }, []));

        var stored = (await Health.FindAsync(device))!;
        Assert.Equal(T0, stored.BannedAt);
        Assert.Equal(AHealth.Restrictions.AsEnumerable(), stored.Restrictions);
        Assert.Equal(AHealth.Disconnects.AsEnumerable(), stored.Disconnects);
        Assert.Equal(AHealth.Pace.Changes.AsEnumerable(), stored.Pace.Changes);
        Assert.Equal((AHealth.Pace.Rate, AHealth.Pace.Factors, AHealth.Pace.Rating), (stored.Pace.Rate, stored.Pace.Factors, stored.Pace.Rating));
        Assert.Equal(AHealth.WarmUp.Schedule!.Value.AsEnumerable(), stored.WarmUp.Schedule!.Value);
        Assert.Equal(WebhookEvents.DeviceQuality, Assert.Single(await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10)).Type);
    }

    [StorageFact]
    public async Task Health_is_saved_under_the_current_epoch_only()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        await storage.Devices.RaiseEpochAsync(device);

        Assert.Equal(WriteOutcome.Conflict, await Health.SaveAsync(device, 1, AHealth, [new(WebhookEvents.DeviceQuality, T0, "{}")]));

        Assert.Null(await Health.FindAsync(device));
        Assert.Empty(await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10));
        Assert.Equal(WriteOutcome.Written, await Health.SaveAsync(device, 2, AHealth, []));
    }

    [StorageFact]
    public async Task A_contact_is_stored_with_its_message_or_not_at_all()
    {
        var device = await storage.NewDeviceAsync();
        var first = Acceptance(device, Ana, T0.AddDays(2), hold: HoldReason.WarmUp);
        await storage.WriteAsync(first, fenced: true);

        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(Acceptance(device, Bia, T0, epoch: 9), fenced: true));

        Assert.Equal([first.Contact!], (await Health.ListContactsAsync(device, "", 10)).AsEnumerable());
        Assert.Equal(first.Contact, await Health.FindContactAsync(device, Ana));
        Assert.Null(await Health.FindContactAsync(device, Bia));
        var stored = (await storage.Messages.FindAsync(device.TenantId, first.Message.Envelope.Id))!;
        Assert.Equal((HoldReason.WarmUp, T0.AddDays(2)), (stored.Hold, stored.NotBefore));
        Assert.Equal(HoldReason.WarmUp, Assert.Single(await storage.Messages.ListUnsentAsync(device, long.MinValue, 10)).Hold);
    }

    [StorageFact]
    public async Task The_first_word_of_a_contact_stays_until_another_day_is_planned_or_it_writes()
    {
        var device = await storage.NewDeviceAsync();
        var first = await storage.WriteAsync(Acceptance(device, Ana, T0.AddDays(2)));
        await storage.WriteAsync(Acceptance(device, Ana, plannedAt: null));
        Assert.Equal(first.Contact, await Health.FindContactAsync(device, Ana));

        await storage.WriteAsync(first.Message.Wait(1, T0.AddDays(3), HoldReason.WarmUp, first.Contact! with { PlannedAt = T0.AddDays(3) }, T0)!);
        Assert.Equal(first.Contact! with { PlannedAt = T0.AddDays(3) }, await Health.FindContactAsync(device, Ana));

        await ReceiveAsync(device, ("in-1", Ana));
        var wrote = first.Contact with { PlannedAt = T0.AddDays(3), Origin = ContactOrigin.Inbound, MessageId = null };
        Assert.Equal(wrote, await Health.FindContactAsync(device, Ana));

        await storage.WriteAsync(Acceptance(device, Ana, T0.AddDays(4)));
        Assert.Equal(wrote, await Health.FindContactAsync(device, Ana));
    }

    [StorageFact]
    public async Task A_message_that_takes_over_the_place_of_another_is_known_by_its_id()
    {
        var device = await storage.NewDeviceAsync();
        await storage.WriteAsync(Acceptance(device, Ana, T0.AddDays(2)));
        var second = await storage.WriteAsync(Acceptance(device, Ana, T0.AddDays(2)));

        Assert.Equal(second.Message.Envelope.Id, (await Health.FindContactAsync(device, Ana))!.MessageId);
    }

    [StorageFact]
    public async Task Who_writes_is_a_contact_that_counts_on_no_day_and_a_group_is_none()
    {
        var device = await storage.NewDeviceAsync();

        await ReceiveAsync(device, ("in-1", Ana), ("in-2", Ana), ("in-3", "123@g.us"));
        await ReceiveAsync(device, ("in-1", Ana));

        Assert.Equal([Contact.Wrote(Ana, T0)], (await Health.ListContactsAsync(device, "", 10)).AsEnumerable());
    }

    [StorageFact]
    public async Task Contacts_are_listed_a_page_at_a_time_and_go_with_their_device()
    {
        var device = await storage.NewDeviceAsync();
        await Task.WhenAll(Enumerable.Range(0, 25).Select(i => storage.WriteAsync(Acceptance(device, $"55119999900{i:00}@s.whatsapp.net", T0))));
        await Health.SaveAsync(device, 1, AHealth, []);

        var page = await Health.ListContactsAsync(device, "", 20);
        Assert.Equal(20, page.Length);
        Assert.Equal(5, (await Health.ListContactsAsync(device, page[^1].ChatJid, 20)).Length);

        await storage.Devices.DeleteAsync(device);
        Assert.Empty(await Health.ListContactsAsync(device, "", 20));
        Assert.Null(await Health.FindAsync(device));
    }

    [StorageFact]
    public async Task Word_of_one_person_from_many_places_at_once_is_one_contact()
    {
        var device = await storage.NewDeviceAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? (Task)storage.WriteAsync(Acceptance(device, Ana, T0.AddDays(i)))
            : ReceiveAsync(device, ($"in-{i}", Ana))));

        Assert.Equal(ContactOrigin.Inbound, Assert.Single(await Health.ListContactsAsync(device, "", 10)).Origin);
    }

    private Task<int> ReceiveAsync(DeviceKey device, params (string Id, string Chat)[] messages) => storage.Get<IInboxStore>().AppendReceivedAsync(
        device, [.. messages.Select(m => new ReceivedMessage(new(m.Id, m.Chat, m.Chat, Bia, "hi", null, T0), "{}"))]);

    private static Transition Acceptance(DeviceKey device, string chat, DateTimeOffset? plannedAt, long epoch = 1, HoldReason? hold = null)
    {
        var envelope = NewEnvelope(device, chatJid: chat);
        var contact = new Contact(chat, T0, plannedAt, ContactOrigin.Outbound, envelope.Id);
        return Message.Accept(envelope with { Placement = new(hold is null ? null : plannedAt, hold, contact) }, epoch, claim: false);
    }

    private static DeviceHealth AHealth { get; } = new()
    {
        Pace = new()
        {
            Rate = 2.5,
            Factors = new(Marketing: 0.25),
            QuietSince = T0,
            Rating = QualityRating.Yellow,
            RatedAt = T0.AddHours(-1),
            Changes = [new(T0, PaceSignal.Undelivered, Category.Marketing, 0.5, 0.3, 5, 2.5)],
        },
        Restrictions = [new(RestrictionKind.NewChats, T0.AddDays(1), T0, 3), new(RestrictionKind.ReachOut, null, T0, null)],
        Disconnects = [T0],
        WarmUp = new(true, T0.AddDays(-3), [5, 10]),
        Told = HealthBand.Poor,
    };
}

public sealed class SqliteHealthStoreTests(SqliteStorage storage) : HealthStoreContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryHealthStoreTests(MemoryStorage storage) : HealthStoreContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlHealthStoreTests(PostgreSqlStorage storage) : HealthStoreContract(storage), IClassFixture<PostgreSqlStorage>;

using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

/// <summary>What consent forbids is not stored; and what comes in changes consents.</summary>
public abstract class ConsentedWritesContract(StorageFixture storage)
{
    private static readonly string Chat = Jid.User("5511999990001");

    private readonly IConsentStore _consents = storage.Get<IConsentStore>();

    [StorageFact]
    public async Task Nothing_is_accepted_for_who_has_opted_out()
    {
        var device = await storage.NewDeviceAsync();
        await PutAsync(device, ConsentState.OptedOut);

        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(NewAcceptance(device, claim: false), fenced: true));
        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(NewAcceptance(device, claim: true), fenced: true));
        Assert.Equal(0, await storage.CountMessagesAsync(device.TenantId));

        await PutAsync(device, ConsentState.OptedIn);
        await storage.WriteAsync(NewAcceptance(device), fenced: true);
    }

    [StorageFact]
    public async Task Nothing_is_claimed_after_an_opt_out_and_what_was_claimed_before_is_recorded()
    {
        var device = await storage.NewDeviceAsync();
        var queued = await storage.WriteAsync(NewAcceptance(device, position: 1, claim: false), fenced: true);
        var claimed = await storage.WriteAsync(NewAcceptance(device, position: 2, claim: true), fenced: true);
        await PutAsync(device, ConsentState.OptedOut);

        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(queued.Message.Claim(1, T0)!, fenced: true));
        await storage.WriteAsync(claimed.Sent());
    }

    [StorageFact]
    public async Task What_waits_for_who_has_opted_out_can_be_put_off()
    {
        var device = await storage.NewDeviceAsync();
        var queued = await storage.WriteAsync(NewAcceptance(device, claim: false), fenced: true);
        await PutAsync(device, ConsentState.OptedOut);

        await storage.WriteAsync(queued.Message.Wait(1, T0.AddDays(1), HoldReason.WarmUp, contact: null, T0)!, fenced: true);
    }

    [StorageFact]
    public async Task A_refusal_is_stored_and_so_is_the_rejection_of_what_waits()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        var queued = await storage.WriteAsync(NewAcceptance(device, claim: false), fenced: true);
        await PutAsync(device, ConsentState.OptedOut);
        var why = ConsentPolicy.Default.Refuse(Chat, Category.Utility, await _consents.FindAsync(device.TenantId, Chat))!;

        var refused = await storage.WriteAsync(Message.Refuse(NewEnvelope(device, position: 2), 1, why), fenced: true);
        var rejected = await storage.WriteAsync(queued.Message.Reject(why, T0)!);

        foreach (var transition in new[] { refused, rejected })
        {
            var stored = await storage.Messages.FindAsync(device.TenantId, transition.Message.Envelope.Id);
            Assert.Equal((MessageState.Rejected, why, false), (stored!.State, stored.Failure, stored.IsOpen));
        }

        Assert.Equal(
            [TimelineKind.Accepted, TimelineKind.Rejected],
            (await storage.Messages.ReadTimelineAsync(device.TenantId, refused.Message.Envelope.Id)).Select(entry => entry.Kind));
        var events = await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10);
        Assert.Equal([WebhookEvents.MessageRejected, WebhookEvents.MessageRejected], events.Select(e => e.Type));
        Assert.Equal(2, Assert.Single(await storage.CountsOfAsync(device.TenantId, "rejected"))[0]);
    }

    [StorageFact]
    public async Task A_category_that_needs_an_opt_in_goes_to_nobody_else()
    {
        var device = await storage.NewDeviceAsync();
        await _consents.PutPolicyAsync(device.TenantId, new ConsentPolicy { OptInCategories = [Category.Marketing] });

        await storage.WriteAsync(NewAcceptance(device, position: 1), fenced: true);
        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(Marketing(device), fenced: true));
        await PutAsync(device, ConsentState.OptedIn);
        var queued = await storage.WriteAsync(Marketing(device), fenced: true);

        Assert.Equal(ConsentRemoval.Removed, await _consents.DeleteAsync(device.TenantId, Chat, evenOptedOut: false));
        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(queued.Message.Claim(1, T0)!, fenced: true));
        await _consents.PutPolicyAsync(device.TenantId, ConsentPolicy.Default);
        await storage.WriteAsync(queued.Message.Claim(1, T0)!, fenced: true);
    }

    [StorageFact]
    public async Task Groups_the_exempt_other_chats_and_other_tenants_are_not_asked()
    {
        var device = await storage.NewDeviceAsync();
        await PutAsync(await storage.NewDeviceAsync(), ConsentState.OptedOut);
        await PutAsync(device, ConsentState.OptedOut);
        await _consents.PutPolicyAsync(device.TenantId, new ConsentPolicy { OptInCategories = [Category.Marketing] });
        var envelope = NewEnvelope(device);

        await storage.WriteAsync(
            Message.Accept(envelope with { ChatJid = "120363041234567890@g.us", Category = Category.Marketing }, 1, claim: true), fenced: true);
        var exempt = await storage.WriteAsync(Message.Accept(NewEnvelope(device, 2) with { ConsentExempt = true }, 1, claim: false), fenced: true);
        await storage.WriteAsync(exempt.Message.Claim(1, T0)!, fenced: true);
        await storage.WriteAsync(Message.Accept(NewEnvelope(device, 3, Jid.User("5511999990002")), 1, claim: true), fenced: true);
        await storage.WriteAsync(NewAcceptance(await storage.NewDeviceAsync()), fenced: true);

        Assert.True((await storage.Messages.FindAsync(device.TenantId, exempt.Message.Envelope.Id))!.Envelope.ConsentExempt);
    }

    [StorageFact]
    public async Task A_keyword_is_stored_with_the_message_that_says_it_and_told_when_it_changes_something()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device, WebhookEvents.ConsentOptedOut, WebhookEvents.ConsentOptedIn);

        await HearAsync(device, "a", ConsentState.OptedOut, second: 5);
        await HearAsync(device, "b", ConsentState.OptedIn, second: 4); // late
        await HearAsync(device, "c", ConsentState.OptedOut, second: 6); // again
        Assert.Equal(
            (ConsentState.OptedOut, ConsentSource.Keyword, T0.AddSeconds(6), T0.AddSeconds(5), device.DeviceId, "c"),
            await _consents.FindAsync(device.TenantId, Chat) is { } known
                ? (known.State, known.Source, known.At, known.Since, known.DeviceId, known.Detail)
                : default);
        await HearAsync(device, "d", ConsentState.OptedIn, second: 7);

        var events = await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10);
        Assert.Equal(
            [(WebhookEvents.ConsentOptedOut, "{\"id\":\"a\"}"), (WebhookEvents.ConsentOptedIn, "{\"id\":\"d\"}")],
            events.Select(e => (e.Type, e.DataJson!)));
    }

    [StorageFact]
    public async Task A_keyword_that_comes_again_after_it_was_forgotten_is_no_word()
    {
        var device = await storage.NewDeviceAsync();
        await HearAsync(device, "a", ConsentState.OptedIn, second: 5);
        await _consents.DeleteAsync(device.TenantId, Chat, evenOptedOut: false);

        await HearAsync(device, "a", ConsentState.OptedIn, second: 5);

        Assert.Null(await _consents.FindAsync(device.TenantId, Chat));
    }

    [StorageFact]
    public async Task Of_two_words_that_come_at_once_the_last_one_counts()
    {
        var device = await storage.NewDeviceAsync();

        await storage.Get<IInboxStore>().AppendReceivedAsync(
            device, [Word(device, "a", ConsentState.OptedIn, 9), Word(device, "b", ConsentState.OptedOut, 8), Word(device, "c", ConsentState.OptedOut, 9)]);

        Assert.Equal("c", (await _consents.FindAsync(device.TenantId, Chat))!.Detail);
    }

    [StorageFact]
    public async Task The_devices_that_have_something_for_a_chat_are_known()
    {
        var device = await storage.NewDeviceAsync();
        var other = await storage.NewDeviceAsync(device.TenantId);
        var sent = await storage.NewDeviceAsync(device.TenantId);
        await storage.WriteAsync(NewAcceptance(device, claim: false), fenced: true);
        await storage.WriteAsync(Message.Accept(NewEnvelope(other, chatJid: Jid.User("5511999990002")), 1, claim: false), fenced: true);
        await storage.WriteAsync((await storage.WriteAsync(NewAcceptance(sent), fenced: true)).Sent());

        Assert.Equal(device.DeviceId, Assert.Single(await storage.Messages.ListDevicesWithUnsentAsync(device.TenantId, Chat)));
    }

    private static Transition Marketing(DeviceKey device) => Message.Accept(NewEnvelope(device, 9) with { Category = Category.Marketing }, 1, claim: false);

    private static ReceivedMessage Word(DeviceKey device, string id, ConsentState state, int second)
    {
        var at = T0.AddSeconds(second);
        return new(
            new InboundMessage(id, Chat, Chat, Jid.User("5511999990009"), "…", "Ana", at),
            "{}",
            new(
                new()
                {
                    TenantId = device.TenantId, ChatJid = Chat, State = state, Source = ConsentSource.Keyword, At = at, Since = at,
                    DeviceId = device.DeviceId, Detail = id,
                },
                new DeviceNotice(WebhookEvents.Of(state), at, $"{{\"id\":\"{id}\"}}")));
    }

    private Task<int> HearAsync(DeviceKey device, string id, ConsentState state, int second) =>
        storage.Get<IInboxStore>().AppendReceivedAsync(device, [Word(device, id, state, second)]);

    private Task<Consent> PutAsync(DeviceKey device, ConsentState state) => _consents.PutAsync(new()
    {
        TenantId = device.TenantId, ChatJid = Chat, State = state, Source = ConsentSource.Api, At = T0, Since = T0,
    });
}

public sealed class SqliteConsentedWritesTests(SqliteStorage storage) : ConsentedWritesContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryConsentedWritesTests(MemoryStorage storage) : ConsentedWritesContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlConsentedWritesTests(PostgreSqlStorage storage) : ConsentedWritesContract(storage), IClassFixture<PostgreSqlStorage>;

using System.Collections.Concurrent;
using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;

namespace Wuts.Grains.Tests;

public sealed class ConsentTests : IAsyncLifetime
{
    private const string Number = "5511988880001";
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);
    private static readonly string Chat = Jid.User(Number);

    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_message_to_who_has_opted_out_is_rejected_with_its_reason_and_its_repetition_says_the_same()
    {
        var (key, device) = await _cluster.NewDevice();
        await PutAsync(ConsentState.OptedOut);
        var command = _cluster.Command("hello", hold: Held);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var answer = Assert.IsType<SendAnswer.Accepted>(await device.Send(command));
            Assert.Equal((MessageState.Rejected, ConsentPolicy.OptedOutCode), (answer.Message.State, answer.Message.Failure!.Code));
        }

        Assert.True(_cluster.Transport.NothingSent);
        Assert.Equal(0, (await device.GetSnapshot())!.Waiting);
        Assert.Single(_cluster.Database.VersionsOf(ClusterFixture.Tenant, command.MessageId));
        Assert.Equal([WebhookEvents.MessageRejected], EventsOf(key));
        await device.Send(_cluster.Command("to somebody else", "5511988880002", hold: Held));
        Assert.Equal("to somebody else", await NextText());
    }

    [Fact]
    public async Task Stop_while_hundreds_wait_keeps_each_of_theirs_and_lets_the_others_go()
    {
        var (key, device) = await _cluster.NewDevice();
        var commands = new List<SendCommand>();
        for (var i = 0; i < 500; i++)
        {
            commands.Add(_cluster.Command($"to them {i}", Number, delay: 60));
            commands.Add(i % 5 == 0 ? _cluster.Command($"to others {i}", $"55119777700{i % 100:D2}", delay: 60) : commands[^1]);
        }

        await Task.WhenAll(commands.Distinct().Select(command => device.Send(command)));
        var sent = new ConcurrentQueue<string>();
        var others = new TaskCompletionSource();
        _cluster.Transport.Answer(key, message =>
        {
            sent.Enqueue(((TextContent)message.Content).Text);
            if (sent.Count == 100)
            {
                others.SetResult();
            }

            return Task.FromResult(_cluster.Transport.Taken(message));
        });

        await HearAsync(device, "in-1", "STOP");
        Assert.Equal(100, (await device.GetSnapshot())!.Waiting);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(60));
        await others.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.All(sent, text => Assert.StartsWith("to others", text, StringComparison.Ordinal));
        Assert.Equal(500, _cluster.Database.Messages.Count(message => message.State == MessageState.Rejected));
        Assert.Equal(1, EventsOf(key).Count(type => type == WebhookEvents.ConsentOptedOut));
        Assert.Equal(500, EventsOf(key).Count(type => type == WebhookEvents.MessageRejected));
    }

    [Fact]
    public async Task An_opt_out_that_no_device_hears_of_still_stops_the_claim()
    {
        var (_, device) = await _cluster.NewDevice();
        await device.Send(_cluster.Command("first", Number, delay: 5));
        await device.Send(_cluster.Command("second", Number, delay: 6));
        await device.Send(_cluster.Command("to somebody else", "5511988880002", delay: 7));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(5));

        await PutAsync(ConsentState.OptedOut);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal("to somebody else", await NextText());
        Assert.Equal(2, _cluster.Database.Messages.Count(message => message.State == MessageState.Rejected));
    }

    [Fact]
    public async Task A_held_answer_is_given_when_its_message_is_rejected_while_being_typed()
    {
        var (_, device) = await _cluster.NewDevice();
        var send = device.Send(_cluster.Command("hello", Number, typing: 10, hold: Held));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(10));

        await HearAsync(device, "in-1", "Sair!");

        var answer = Assert.IsType<SendAnswer.Accepted>(await send);
        Assert.Equal(MessageState.Rejected, answer.Message.State);
        Assert.Equal([$"{Chat} on", $"{Chat} off"], _cluster.Transport.Typing);
        await device.Send(_cluster.Command("to somebody else", "5511988880002", hold: Held));
        Assert.Equal("to somebody else", await NextText());
    }

    [Fact]
    public async Task A_retry_does_not_leave_after_an_opt_out()
    {
        var (key, device) = await _cluster.NewDevice();
        var refusals = 0;
        _cluster.Transport.Answer(key, message =>
        {
            refusals++;
            return Task.FromResult<SendOutcome>(new SendOutcome.Refused(new("busy", FailureClass.Transient, true, "Busy."), TimeSpan.FromSeconds(30)));
        });
        var command = _cluster.Command("hello", Number);
        await device.Send(command);
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(30));

        await PutAsync(ConsentState.OptedOut);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(30));

        await _cluster.Database.Until("a rejected message", async () =>
            (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, command.MessageId))!.State == MessageState.Rejected);
        Assert.Equal(1, refusals);
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_not_given_again_after_an_opt_out()
    {
        var (_, device) = await _cluster.NewDevice(connected: false);
        var epoch = (await device.GetSnapshot())!.Device.Epoch;
        var envelope = Envelope();
        await _cluster.Message(envelope.Id).Accept(envelope, epoch, claim: true);
        await PutAsync(ConsentState.OptedOut);

        var refused = Assert.IsType<Messages.ClaimOutcome.Refused>(await _cluster.Message(envelope.Id).Claim(epoch, 1));

        Assert.Equal(MessageState.Rejected, refused.Message!.State);

        MessageEnvelope Envelope() => new()
        {
            Id = MessageId.FromOperation(ClusterFixture.Tenant, "lost"), TenantId = ClusterFixture.Tenant, DeviceId = "device-1", UserId = ClusterFixture.User,
            ChatJid = Chat, Content = new TextContent("hello", []), Fingerprint = "f", AcceptedAt = _cluster.Clock.GetUtcNow(),
            DueAt = _cluster.Clock.GetUtcNow(), Typing = TimeSpan.Zero, Position = 1,
        };
    }

    [Fact]
    public async Task Where_an_opt_in_is_needed_only_those_are_written_to_who_gave_it()
    {
        var (_, device) = await _cluster.NewDevice();
        await _cluster.Consents.PutPolicyAsync(ClusterFixture.Tenant, new() { OptInCategories = [Category.Marketing] });

        var refused = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("offer") with { Category = Category.Marketing }));
        Assert.Equal(ConsentPolicy.NotOptedInCode, refused.Message.Failure!.Code);
        await HearAsync(device, "in-1", "Quero receber");
        var sent = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("offer 2", hold: Held) with { Category = Category.Marketing }));

        Assert.Equal(MessageState.Sent, sent.Message.State);
    }

    [Fact]
    public async Task Another_device_of_the_tenant_hears_of_it_too()
    {
        var (_, heard) = await _cluster.NewDevice();
        var (_, other) = await _cluster.NewDevice();
        await other.Send(_cluster.Command("hello", Number, delay: 60));

        await HearAsync(heard, "in-1", "baja");

        Assert.Equal(0, (await other.GetSnapshot())!.Waiting);
    }

    [Fact]
    public async Task Words_in_groups_in_a_sentence_or_older_than_what_is_known_change_nothing()
    {
        var (key, device) = await _cluster.NewDevice();
        await HearAsync(device, "in-1", "stop", chat: "120363041234567890@g.us");
        await HearAsync(device, "in-2", "please stop by tomorrow");
        Assert.Null(await _cluster.Consents.FindAsync(ClusterFixture.Tenant, Chat));

        await HearAsync(device, "in-3", "START");
        await HearAsync(device, "in-4", "STOP", age: TimeSpan.FromMinutes(1));

        Assert.Equal(ConsentState.OptedIn, (await _cluster.Consents.FindAsync(ClusterFixture.Tenant, Chat))!.State);
        Assert.DoesNotContain(WebhookEvents.ConsentOptedOut, EventsOf(key));
    }

    [Fact]
    public async Task A_word_from_the_future_is_of_now_so_that_the_next_one_counts()
    {
        var (_, device) = await _cluster.NewDevice();
        await HearAsync(device, "in-1", "START", age: TimeSpan.FromDays(-9));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(1));

        await HearAsync(device, "in-2", "STOP");

        Assert.Equal(ConsentState.OptedOut, (await _cluster.Consents.FindAsync(ClusterFixture.Tenant, Chat))!.State);
    }

    [Fact]
    public async Task An_opt_out_is_confirmed_once_if_the_tenant_wants_that_and_nothing_leaves_after_it()
    {
        var (_, device) = await _cluster.NewDevice();
        await _cluster.Consents.PutPolicyAsync(ClusterFixture.Tenant, new() { OptOutKeywords = ["Chega!"], OptOutConfirmation = "You will not hear from us." });

        await HearAsync(device, "in-1", "chega");
        Assert.Equal("You will not hear from us.", await NextText());
        await HearAsync(device, "in-1", "chega");
        _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await HearAsync(device, "in-2", "stop");
        await device.Send(_cluster.Command("hello", Number, hold: Held));
        await device.Send(_cluster.Command("to somebody else", "5511988880002", hold: Held));

        Assert.Equal("to somebody else", await NextText());
        Assert.True(_cluster.Transport.NothingSent);
    }

    private Task<Consent> PutAsync(ConsentState state) => _cluster.Consents.PutAsync(new()
    {
        TenantId = ClusterFixture.Tenant, ChatJid = Chat, State = state, Source = ConsentSource.Api,
        At = _cluster.Clock.GetUtcNow(), Since = _cluster.Clock.GetUtcNow(),
    });

    private Task HearAsync(IDeviceGrain device, string id, string text, string? chat = null, TimeSpan age = default) => device.Handle(
        [new DeviceEvent.MessageReceived(new(id, Chat, chat ?? Chat, Jid.User("5511999990001"), text, "Ana", _cluster.Clock.GetUtcNow() - age))]);

    private string[] EventsOf(DeviceKey device) => [.. _cluster.Database.EventsOf(ClusterFixture.EndpointOf(device))
        .Select(e => e.Type)
        .Where(type => type.StartsWith("consent.", StringComparison.Ordinal) || type == WebhookEvents.MessageRejected)];

    private async Task<string> NextText() => ((TextContent)(await _cluster.Transport.NextSent()).Content).Text;
}

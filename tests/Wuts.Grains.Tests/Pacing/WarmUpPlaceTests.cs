using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Grains.Messages;
using Wuts.Testing.Memory;

namespace Wuts.Grains.Tests.Pacing;

/// <summary>Whose a place among the strangers of a day is, when messages come to nothing, or turn up that nobody knew of.</summary>
public sealed class WarmUpPlaceTests : IAsyncLifetime
{
    private readonly HeldCalls _acceptances = new(nameof(IMessageGrain.Accept));
    private ClusterFixture _cluster = null!;
    private IDeviceGrain _device = null!;
    private DeviceKey _key = null!;
    private int _strangers;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync(configure: services => services.AddSingleton<IOutgoingGrainCallFilter>(_acceptances));
        (_key, _device) = await _cluster.NewDevice();
        await _device.SetWarmUp(new(Schedule: [2, 3]));
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Whoever_is_written_to_after_a_message_that_was_rejected_is_a_stranger_still()
    {
        await FillToday();
        var rejected = await Send(Stranger());
        await RejectAll(rejected.Envelope.ChatJid);
        Assert.Equal(MessageState.Rejected, (await _cluster.Messages.FindAsync(_key.TenantId, rejected.Envelope.Id))!.State);

        var next = await Send(_cluster.Command("again") with { ChatJid = rejected.Envelope.ChatJid });

        Assert.Equal((HoldReason.WarmUp, 2), (next.Hold, next.NotBefore!.Value.Day));
        Assert.Equal(next.Envelope.Id, (await _cluster.Health.FindContactAsync(_key, next.Envelope.ChatJid))!.MessageId);
        Assert.Equal([2, 1], (await _device.GetHealth())!.WarmUp.Days.Select(day => day.Planned));
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task A_message_that_waits_behind_one_that_is_rejected_has_its_place()
    {
        await FillToday();
        var first = await Send(Stranger());
        var second = await Send(_cluster.Command("behind") with { ChatJid = first.Envelope.ChatJid });

        await _cluster.Message(first.Envelope.Id).RejectUnconsented(new("TEST", FailureClass.Consent, false, "A test rejects it."));
        _cluster.Clock.Advance(first.NotBefore!.Value - _cluster.Clock.GetUtcNow());

        Assert.Equal(second.Envelope.Id, (await _cluster.Transport.NextSent()).ProviderId);
        Assert.Equal(2, _cluster.Clock.GetUtcNow().Day);
        Assert.Equal(second.Envelope.Id, (await _cluster.Health.FindContactAsync(_key, second.Envelope.ChatJid))!.MessageId);
    }

    [Fact]
    public async Task A_message_that_turns_up_when_its_place_is_anothers_waits_for_another_day()
    {
        var lost = await SendInVain();
        await FillToday();

        await _device.Wake();

        await _cluster.Database.Until("it is held", () => Task.FromResult(Planned(lost)?.Day == 2));
        Assert.True(_cluster.Transport.NothingSent);
        Assert.Equal([2, 1], (await _device.GetHealth())!.WarmUp.Days.Select(day => day.Planned));
    }

    [Fact]
    public async Task A_place_that_was_promised_twice_is_used_once_also_after_a_restart()
    {
        await FillToday();
        await SendInVain();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(2, (await Send(Stranger())).NotBefore!.Value.Day);
        }

        var former = _cluster;
        await former.DisposeAsync();
        _cluster = await ClusterFixture.StartAsync(former: former);
        await _cluster.Device(_key).Connect();
        _cluster.Clock.Advance(TimeSpan.FromHours(45)); // all of the second day's are due

        for (var i = 0; i < 3; i++)
        {
            await _cluster.Transport.NextSent();
        }

        await _cluster.Database.Until("one is held", () => Task.FromResult(_cluster.Database.Messages.Count(message => message.NotBefore?.Day == 3) == 1));
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task A_repeated_message_whose_first_acceptance_had_no_answer_counts_on_the_day_on_which_it_leaves()
    {
        await FillToday();
        var first = await Send(Stranger());
        var second = _cluster.Command("behind") with { ChatJid = first.Envelope.ChatJid };
        await SendInVain(second);
        await RejectAll(second.ChatJid);
        await _device.SetWarmUp(new(Schedule: [3, 3])); // room for one more today

        await Send(second);

        Assert.Equal(second.MessageId, (await _cluster.Transport.NextSent()).ProviderId);
        var contact = await _cluster.Health.FindContactAsync(_key, second.ChatJid);
        Assert.Equal((second.MessageId, _cluster.Clock.GetUtcNow().Day), (contact!.MessageId, contact.PlannedAt!.Value.Day));
    }

    [Fact]
    public async Task Of_two_calls_for_one_message_the_one_that_is_answered_late_leaves_its_place_alone()
    {
        var command = Stranger() with { Typing = TimeSpan.FromSeconds(5) };
        var release = _acceptances.HoldNextCall();
        var late = Send(command);
        await _acceptances.Held;
        await Send(command);
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(5)); // it is being typed
        release.SetResult();
        await late;
        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(command.MessageId, (await _cluster.Transport.NextSent()).ProviderId);

        await Put(command.ChatJid, ConsentState.OptedOut);
        Assert.Equal(MessageState.Rejected, (await Send(_cluster.Command("another") with { ChatJid = command.ChatJid })).State);

        Assert.Null((await Send(Stranger())).Hold);
        Assert.Equal(2, (await Send(Stranger())).NotBefore!.Value.Day);
    }

    [Fact]
    public async Task Repeating_a_message_that_was_rejected_takes_no_place()
    {
        var command = Stranger();
        await Put(command.ChatJid, ConsentState.OptedOut);
        await Send(command);
        await Send(command);

        await FillToday();
    }

    [Fact]
    public async Task A_claim_that_is_stored_after_midnight_is_given_back_for_a_place_on_another_day()
    {
        var late = (await Send(Stranger() with { Delay = TimeSpan.FromMinutes(1) })).Envelope.Id;
        await Send(Stranger());
        await _cluster.Transport.NextSent();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(2, (await Send(Stranger())).NotBefore!.Value.Day);
        }

        var isFirst = true;
        _cluster.Flushes.BeforeWrite = message =>
        {
            if (message is { State: MessageState.Dispatching } && message.Envelope.Id == late && isFirst)
            {
                isFirst = false;
                _cluster.Clock.Advance(_cluster.Clock.GetUtcNow().Date.AddDays(1) - _cluster.Clock.GetUtcNow());
            }

            return Task.FromResult(WriteFault.None);
        };
        await _cluster.Clock.TimerArmed(TimeSpan.FromMinutes(1));
        _cluster.Clock.Advance(TimeSpan.FromMinutes(1));

        await _cluster.Database.Until("it is held", () => Task.FromResult(Planned(late)?.Day == 3));
        Assert.False(isFirst);
        Assert.True(_cluster.Transport.NothingSent);
    }

    private async Task FillToday()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.Null((await Send(Stranger())).Hold);
            await _cluster.Transport.NextSent();
        }
    }

    /// <summary>Sends to a stranger; it is stored, and nobody hears of that.</summary>
    private async Task<string> SendInVain(SendCommand? some = null)
    {
        var command = some ?? Stranger();
        _cluster.Flushes.BeforeWrite = message => Task.FromResult(message.Envelope.Id == command.MessageId ? WriteFault.LoseAnswer : WriteFault.None);
        await Assert.ThrowsAnyAsync<Exception>(() => _device.Send(command));
        _cluster.Flushes.BeforeWrite = _ => Task.FromResult(WriteFault.None);
        return command.MessageId;
    }

    private DateTimeOffset? Planned(string id) => _cluster.Database.Messages.Single(message => message.Envelope.Id == id).NotBefore;

    private async Task<Message> Send(SendCommand command) => Assert.IsType<SendAnswer.Accepted>(await _device.Send(command)).Message;

    private SendCommand Stranger() => _cluster.Command("hi", chat: $"55119777{++_strangers:D5}");

    /// <summary>What the device has for a chat comes to nothing; what it does not know of stays.</summary>
    private async Task RejectAll(string chat)
    {
        await Put(chat, ConsentState.OptedOut);
        await _device.HearOfOptOut(chat);
        await Put(chat, ConsentState.OptedIn);
    }

    private Task<Consent> Put(string chat, ConsentState state) => _cluster.Consents.PutAsync(new()
    {
        TenantId = ClusterFixture.Tenant, ChatJid = chat, State = state, Source = ConsentSource.Api,
        At = _cluster.Clock.GetUtcNow(), Since = _cluster.Clock.GetUtcNow(),
    });
}

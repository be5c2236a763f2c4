using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Tests.Simulator;

public sealed class SendingTests : IAsyncLifetime
{
    private readonly TestNetwork _test = TestNetwork.OnManualClock();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task An_answered_message_is_in_the_file()
    {
        await _test.PairAsync();
        var id = await _test.SendAsync();

        Assert.Contains(id, _test.ReadLogFile(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_concurrent_sends_of_the_same_ids_are_each_taken_once()
    {
        await _test.PairAsync();
        var messages = Enumerable.Range(0, 200).Select(_ => _test.NewMessage()).ToArray();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).SelectMany(_ => messages)
            .Select(m => Task.Run(() => _test.Network.SendAsync(TestNetwork.Device, m))));

        Assert.All(outcomes, o => Assert.IsType<SendOutcome.Accepted>(o));
        var log = await _test.LogAsync();
        Assert.Equal(
            messages.Select(m => m.ProviderId).Order(StringComparer.Ordinal),
            log.Where(e => e.Kind == LogKind.Accepted).Select(e => e.Id!).Order(StringComparer.Ordinal));
        Assert.Equal(800, log.Count(e => e.Kind == LogKind.Duplicate));
    }

    [Fact]
    public async Task A_lookup_waits_for_a_send_that_is_under_way()
    {
        await _test.PairAsync();
        Change(new FaultsChange { LatencyMs = LatencyRange.Of(50, 50) });
        var message = _test.NewMessage();
        var send = _test.Network.SendAsync(TestNetwork.Device, message);
        await _test.Clock.TimerArmed(TimeSpan.FromMilliseconds(50));

        var lookUp = _test.Network.LookUpAsync(TestNetwork.Device, message.ProviderId);
        Assert.False(lookUp.IsCompleted);
        _test.Clock.Advance(TimeSpan.FromMilliseconds(50));

        var accepted = Assert.IsType<SendOutcome.Accepted>(await send);
        Assert.Equal(new SendEvidence.Taken(accepted.At), await lookUp);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_call_its_message_back()
    {
        await _test.PairAsync();
        Change(new FaultsChange { LatencyMs = LatencyRange.Of(50, 50) });
        var message = _test.NewMessage();
        using var giveUp = new CancellationTokenSource();
        var send = _test.Network.SendAsync(TestNetwork.Device, message, cancellationToken: giveUp.Token);
        await _test.Clock.TimerArmed(TimeSpan.FromMilliseconds(50));

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send);
        var lookUp = _test.Network.LookUpAsync(TestNetwork.Device, message.ProviderId);
        _test.Clock.Advance(TimeSpan.FromMilliseconds(50));

        Assert.IsType<SendEvidence.Taken>(await lookUp);
    }

    [Fact]
    public async Task A_lookup_tells_the_truth_without_a_link_and_nothing_of_a_stranger()
    {
        await _test.PairAsync();
        var id = await _test.SendAsync();
        await _test.Network.LogoutAsync(TestNetwork.Device);

        Assert.IsType<SendEvidence.Taken>(await _test.Network.LookUpAsync(TestNetwork.Device, id));
        Assert.IsType<SendEvidence.NotTaken>(await _test.Network.LookUpAsync(TestNetwork.Device, "3EB0FF"));
        Assert.IsType<SendEvidence.Silent>(await _test.Network.LookUpAsync(new DeviceKey("acme", "new"), id));
    }

    [Fact]
    public async Task A_message_whose_answer_is_lost_was_taken_and_is_not_taken_again()
    {
        await _test.PairAsync();
        Change(new FaultsChange { TimeoutAfterAcceptRate = 1, SendTimeoutMs = 5000 });
        var message = _test.NewMessage();
        var send = _test.Network.SendAsync(TestNetwork.Device, message);
        await _test.Clock.TimerArmed(TimeSpan.FromSeconds(5));
        _test.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.IsType<SendOutcome.Unknown>(await send);
        Assert.IsType<SendEvidence.Taken>(await _test.Network.LookUpAsync(TestNetwork.Device, message.ProviderId));
        Change(new FaultsChange { TimeoutAfterAcceptRate = 0, ErrorRate = 1 });
        Assert.IsType<SendOutcome.Accepted>(await _test.Network.SendAsync(TestNetwork.Device, message));
        Assert.Equal(
            [LogKind.Accepted, LogKind.Delivered, LogKind.Read, LogKind.Duplicate], await _test.LogOfAsync(message.ProviderId));
    }

    [Fact]
    public async Task A_network_slower_than_the_senders_patience_still_takes_the_message()
    {
        await _test.PairAsync();
        Change(new FaultsChange { LatencyMs = LatencyRange.Of(3000, 3000), SendTimeoutMs = 1000 });
        var message = _test.NewMessage();
        var send = _test.Network.SendAsync(TestNetwork.Device, message);
        await _test.Clock.TimerArmed(TimeSpan.FromSeconds(1));
        _test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<SendOutcome.Unknown>(await send);

        var lookUp = _test.Network.LookUpAsync(TestNetwork.Device, message.ProviderId);
        _test.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<SendEvidence.Taken>(await lookUp);
    }

    [Fact]
    public async Task A_send_that_drops_its_link_was_taken_or_not_and_the_lookup_knows()
    {
        var paired = await _test.PairAsync();
        Change(new FaultsChange { DropRate = 1 });
        var taken = 0;
        const int sends = 40;
        for (var i = 0; i < sends; i++)
        {
            var message = _test.NewMessage();
            Assert.IsType<SendOutcome.Unknown>(await _test.Network.SendAsync(TestNetwork.Device, message));
            Assert.IsType<SendOutcome.NotConnected>(await _test.Network.SendAsync(TestNetwork.Device, message));
            await _test.Sink.NextAsync<DeviceEvent.Disconnected>();

            var accepted = (await _test.LogOfAsync(message.ProviderId)).Contains(LogKind.Accepted);
            var evidence = await _test.Network.LookUpAsync(TestNetwork.Device, message.ProviderId);
            Assert.Equal(accepted, evidence is SendEvidence.Taken);
            Assert.Equal(!accepted, evidence is SendEvidence.NotTaken);
            taken += accepted ? 1 : 0;
            await _test.Network.ConnectAsync(TestNetwork.Device, paired.Credentials);
        }

        Assert.InRange(taken, 1, sends - 1);
    }

    [Fact]
    public async Task A_throttled_send_says_when_to_come_again_and_did_not_leave()
    {
        await _test.PairAsync();
        Change(new FaultsChange { ErrorRate = 1 });
        var message = _test.NewMessage();

        var refused = Assert.IsType<SendOutcome.Refused>(await _test.Network.SendAsync(TestNetwork.Device, message));
        Assert.Equal(("throttled", true), (refused.Failure.Code, refused.Failure.Retryable));
        Assert.NotNull(refused.RetryAfter);
        Assert.IsType<SendEvidence.NotTaken>(await _test.Network.LookUpAsync(TestNetwork.Device, message.ProviderId));
    }

    [Fact]
    public async Task A_number_that_is_not_on_whatsapp_is_refused_for_good()
    {
        await _test.PairAsync();
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Registered = false });

        var refused = Assert.IsType<SendOutcome.Refused>(await _test.Network.SendAsync(TestNetwork.Device, _test.NewMessage()));
        Assert.Equal(("not_on_whatsapp", false), (refused.Failure.Code, refused.Failure.Retryable));
    }

    [Fact]
    public async Task Without_implicit_phones_a_stranger_is_not_on_whatsapp()
    {
        var options = TestNetwork.NewOptions(NetworkFaults.Instant);
        options.AutoCreateRecipients = false;
        await using var strict = new TestNetwork(options: options);
        Assert.Equal(
            PhoneRefusal.PhoneNotFound,
            Assert.IsType<PhoneOutcome.Refused>(await strict.Network.ScanAsync(TestNetwork.Own, "any")).Reason);
        await strict.Network.CreatePhoneAsync(TestNetwork.Own);
        await strict.PairAsync();

        Assert.IsType<SendOutcome.Refused>(await strict.Network.SendAsync(TestNetwork.Device, strict.NewMessage()));
        Assert.IsType<SendOutcome.Accepted>(await strict.Network.SendAsync(TestNetwork.Device, strict.NewMessage(TestNetwork.Own)));
    }

    [Fact]
    public async Task Typing_is_seen_until_it_ends_or_the_message_comes()
    {
        await _test.PairAsync();
        _test.Network.SetTyping(TestNetwork.Device, Jid.User(TestNetwork.Other), typing: true);
        Assert.Equal(TestNetwork.Own, Assert.Single(_test.Network.FindPhone(TestNetwork.Other)!.Typing));
        _test.Network.SetTyping(TestNetwork.Device, Jid.User(TestNetwork.Other), typing: false);
        Assert.Empty(_test.Network.FindPhone(TestNetwork.Other)!.Typing);

        _test.Network.SetTyping(TestNetwork.Device, Jid.User(TestNetwork.Other), typing: true);
        await _test.SendAsync();
        Assert.Empty(_test.Network.FindPhone(TestNetwork.Other)!.Typing);
        Assert.Equal(
            [LogKind.Typing, LogKind.TypingEnded, LogKind.Typing, LogKind.Accepted],
            (await _test.LogAsync()).Where(e => e.To == TestNetwork.Other).Select(e => e.Kind));
    }

    private void Change(FaultsChange change) => Assert.Empty(_test.Network.ChangeFaults(change));
}

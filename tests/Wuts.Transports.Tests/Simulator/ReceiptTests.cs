using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Tests.Simulator;

public sealed class ReceiptTests : IAsyncLifetime
{
    private readonly TestNetwork _test = TestNetwork.OnManualClock();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_message_is_delivered_and_read_each_after_its_latency()
    {
        await _test.PairAsync();
        var sentAt = _test.Clock.GetUtcNow();
        var id = await _test.SendAsync();

        _test.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(sentAt + TestNetwork.Delivery, (await _test.ReceiptAsync(id, DeliveryStage.Delivered)).At);
        Assert.Equal(sentAt + TestNetwork.Delivery + TestNetwork.Reading, (await _test.ReceiptAsync(id, DeliveryStage.Read)).At);
        Assert.Equal([LogKind.Accepted, LogKind.Delivered, LogKind.Read], await _test.LogOfAsync(id));
    }

    [Fact]
    public async Task A_phone_that_plays_reports_that_of_text_too()
    {
        await _test.PairAsync();
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Plays = true });
        var id = await _test.SendAsync();
        _test.Clock.Advance(TimeSpan.FromSeconds(1));

        await _test.ReceiptAsync(id, DeliveryStage.Played);
        var message = Assert.Single(_test.Network.FindPhone(TestNetwork.Other)!.Messages);
        Assert.True(message.DeliveredAt < message.ReadAt && message.ReadAt < message.PlayedAt);
    }

    [Fact]
    public async Task What_comes_while_a_phone_is_offline_is_delivered_in_order_when_it_is_back()
    {
        await _test.PairAsync();
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Online = false });
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(await _test.SendAsync());
        }

        _test.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_test.Network.FindPhone(TestNetwork.Other)!.Messages);

        _test.Network.ChangeFaults(new FaultsChange { ReceiptLatencyMs = LatencyRange.Of(10, 500) });
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Online = true });
        _test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ids, _test.Network.FindPhone(TestNetwork.Other)!.Messages.Select(m => m.Id));
        await _test.ReceiptAsync(ids[^1], DeliveryStage.Read);
    }

    [Fact]
    public async Task A_phone_that_goes_offline_before_reading_reads_when_it_is_back()
    {
        await _test.PairAsync();
        var id = await _test.SendAsync();
        _test.Clock.Advance(TestNetwork.Delivery);
        await _test.ReceiptAsync(id, DeliveryStage.Delivered);

        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Online = false });
        _test.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal([LogKind.Accepted, LogKind.Delivered], await _test.LogOfAsync(id));

        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Online = true });
        _test.Clock.Advance(TestNetwork.Reading);
        await _test.ReceiptAsync(id, DeliveryStage.Read);
    }

    [Fact]
    public async Task A_phone_that_does_not_open_chats_reads_when_it_begins_to()
    {
        await _test.PairAsync();
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Reads = false });
        var id = await _test.SendAsync();
        _test.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal([LogKind.Accepted, LogKind.Delivered], await _test.LogOfAsync(id));

        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Reads = true });
        _test.Clock.Advance(TestNetwork.Reading);
        await _test.ReceiptAsync(id, DeliveryStage.Read);
    }

    [Fact]
    public async Task A_blocked_sender_is_accepted_and_never_delivered()
    {
        await _test.PairAsync();
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Blocks = [TestNetwork.Own] });
        var id = await _test.SendAsync();
        _test.Clock.Advance(TimeSpan.FromDays(1));
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Blocks = [] });
        _test.Clock.Advance(TimeSpan.FromDays(1));

        await _test.FenceAsync();
        Assert.Empty(_test.Sink.Unread);
        Assert.Equal([LogKind.Accepted], await _test.LogOfAsync(id));
        Assert.IsType<SendEvidence.Taken>(await _test.Network.LookUpAsync(TestNetwork.Device, id));
    }

    [Fact]
    public async Task A_phone_that_blocks_a_writer_does_not_pass_its_messages_on()
    {
        await _test.PairAsync();
        await _test.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { Blocks = [TestNetwork.Other] });

        Assert.Equal(0, Assert.IsType<PhoneOutcome.Written>(await _test.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "hi")).Devices);
        await _test.FenceAsync();
        Assert.Empty(_test.Sink.Unread);
    }

    [Fact]
    public async Task A_group_behaves_as_one_phone()
    {
        await _test.PairAsync();
        var message = new OutboundMessage("3EB0AA", "120363000000000001@g.us", new TextContent("hello", []));
        Assert.IsType<SendOutcome.Accepted>(await _test.Network.SendAsync(TestNetwork.Device, message));
        _test.Clock.Advance(TimeSpan.FromSeconds(1));

        await _test.ReceiptAsync(message.ProviderId, DeliveryStage.Read);
    }

    [Fact]
    public async Task The_same_seed_brings_the_same_faults_and_another_seed_others()
    {
        var first = await RunAsync(seed: 7);

        Assert.Equal(first, await RunAsync(seed: 7));
        Assert.NotEqual(first, await RunAsync(seed: 8));
    }

    [Fact]
    public async Task Late_and_repeated_events_all_come()
    {
        await _test.PairAsync();
        _test.Network.ChangeFaults(new FaultsChange { DuplicateRate = 0.5, ReorderRate = 0.5 });
        var ids = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            ids.Add(await _test.SendAsync());
            _test.Clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        _test.Clock.Advance(TimeSpan.FromSeconds(5));
        _test.Network.ChangeFaults(new FaultsChange { DuplicateRate = 0, ReorderRate = 0 });
        await _test.FenceAsync();

        var receipts = _test.Sink.All.Select(e => e.Event).OfType<DeviceEvent.Receipt>().ToList();
        Assert.Equal(ids.Count * 2, receipts.Distinct().Count());
        Assert.InRange(receipts.Count, ids.Count * 2 + 1, ids.Count * 4);
        var times = receipts.Select(r => r.Event.At).ToList();
        Assert.NotEqual(times.Order(), times);
    }

    private static async Task<List<string>> RunAsync(int seed)
    {
        await using var test = new TestNetwork(options: TestNetwork.NewOptions(TestNetwork.Timed with { Seed = seed }));
        var paired = await test.PairAsync();
        test.Network.ChangeFaults(new FaultsChange
        {
            Seed = seed,
            ErrorRate = 0.2,
            DropRate = 0.2,
            DuplicateRate = 0.3,
            ReorderRate = 0.3,
            ReceiptLatencyMs = LatencyRange.Of(10, 900),
        });
        var told = new List<string>();
        for (var i = 0; i < 50; i++)
        {
            var outcome = await test.Network.SendAsync(TestNetwork.Device, test.NewMessage());
            told.Add(outcome.GetType().Name);
            await test.Network.ConnectAsync(TestNetwork.Device, paired.Credentials);
            test.Clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        test.Clock.Advance(TimeSpan.FromSeconds(5));
        test.Network.ChangeFaults(new FaultsChange { DuplicateRate = 0, ReorderRate = 0 });
        await test.FenceAsync();
        told.AddRange((await test.LogAsync()).Select(e => $"{e.At:O} {e.Kind} {(e.Kind == LogKind.Received ? "" : e.Id)}"));
        told.AddRange(test.Sink.All.Select(e => e.Event).OfType<DeviceEvent.Receipt>().Select(r => r.ToString()).Order(StringComparer.Ordinal));
        return told;
    }
}

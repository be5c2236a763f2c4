using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Tests.Simulator;

/// <summary>What owners of phones do about what they receive.</summary>
public sealed class ReactionTests : IAsyncLifetime
{
    private readonly TestNetwork _test = TestNetwork.OnManualClock();

    public Task InitializeAsync() => _test.PairAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_phone_that_blocks_at_once_gets_nothing_and_the_sender_hears_nothing()
    {
        await ReactAsync(new Reaction { Does = ReactionKind.Block, After = 0 });

        var (first, second) = (await _test.SendAsync(), await _test.SendAsync());
        Deliver();
        await _test.FenceAsync();

        Assert.Equal([LogKind.Blocked, LogKind.Accepted], await _test.LogOfAsync(first));
        Assert.Equal([LogKind.Accepted], await _test.LogOfAsync(second));
        Assert.DoesNotContain(_test.Sink.All, e => e.Event is DeviceEvent.Receipt);
        Assert.Empty(_test.Network.FindPhone(TestNetwork.Other)!.Messages);
    }

    [Fact]
    public async Task A_phone_blocks_after_as_many_messages_as_it_was_told()
    {
        await ReactAsync(new Reaction { Does = ReactionKind.Block, After = 2 });
        foreach (var _ in Enumerable.Range(0, 4))
        {
            await _test.SendAsync();
            Deliver();
        }

        Assert.Equal(2, _test.Network.FindPhone(TestNetwork.Other)!.Messages.Length);
        Assert.Equal(TestNetwork.Own, Assert.Single(_test.Network.FindPhone(TestNetwork.Other)!.State.Blocks));
    }

    [Fact]
    public async Task A_reply_is_a_message_that_comes_in_and_comes_once()
    {
        await ReactAsync(new Reaction { Does = ReactionKind.Reply, After = 2, Text = "PARAR" });
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await _test.SendAsync();
            Deliver();
        }

        Assert.Equal("PARAR", (await _test.Sink.NextAsync<DeviceEvent.MessageReceived>()).Message.Text);
        await _test.FenceAsync();
        Assert.Equal(1, _test.Sink.All.Count(e => e.Event is DeviceEvent.MessageReceived { Message.Text: "PARAR" }));
    }

    [Fact]
    public async Task One_who_reports_goes_on_receiving_and_several_reactions_come_in_their_order()
    {
        await ReactAsync(
            new Reaction { Does = ReactionKind.Report }, new Reaction { Does = ReactionKind.Reply, Text = "STOP" }, new Reaction { Does = ReactionKind.Block, After = 2 });
        var first = await _test.SendAsync();
        Deliver();
        var second = await _test.SendAsync();
        Deliver();

        Assert.Equal([LogKind.Accepted, LogKind.Delivered, LogKind.Reported], (await _test.LogOfAsync(first))[..3]);
        Assert.Equal([LogKind.Accepted, LogKind.Delivered, LogKind.Blocked], (await _test.LogOfAsync(second))[..3]);
        Assert.Single(await _test.LogAsync(), e => e is { Kind: LogKind.Received, Text: "STOP" });
    }

    [Fact]
    public async Task The_count_of_messages_outlives_a_restart_and_begins_anew_with_other_reactions()
    {
        var reply = new Reaction { Does = ReactionKind.Reply, After = 2, Text = "STOP" };
        await ReactAsync(reply);
        var paired = Assert.Single(_test.Sink.All, e => e.Event is DeviceEvent.Paired).Event as DeviceEvent.Paired;
        await _test.SendAsync();
        Deliver();
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Name = "Ana" });
        await _test.RestartAsync();
        await _test.Network.ConnectAsync(TestNetwork.Device, paired!.Credentials);
        await _test.SendAsync();
        Deliver();
        Assert.Single(await _test.LogAsync(), e => e.Kind == LogKind.Received);

        await ReactAsync(reply with { Text = "SAIR" });
        await _test.SendAsync();
        Deliver();
        Assert.Single(await _test.LogAsync(), e => e.Kind == LogKind.Received);
        await _test.SendAsync();
        Deliver();
        Assert.Equal("SAIR", (await _test.LogAsync()).Last(e => e.Kind == LogKind.Received).Text);
    }

    [Fact]
    public async Task By_chance_strangers_block_and_report_but_nobody_who_wrote_first()
    {
        Change(new FaultsChange { BlockRate = 1, ReportRate = 1, ReplyRate = 1, ReplyText = "sair" });
        await _test.Network.WriteAsync("5511999990003", TestNetwork.Own, "oi");
        await _test.SendAsync("5511999990003");
        await _test.SendAsync();
        Deliver();

        var lines = await _test.LogAsync();
        Assert.Equal(TestNetwork.Other, Assert.Single(lines, e => e.Kind == LogKind.Blocked).From);
        Assert.Equal(TestNetwork.Other, Assert.Single(lines, e => e.Kind == LogKind.Reported).From);
        Assert.Equal(["5511999990003", TestNetwork.Other], lines.Where(e => e.Text == "sair").Select(e => e.From));
    }

    [Fact]
    public async Task A_phone_that_was_told_what_to_do_does_not_follow_chance()
    {
        Change(new FaultsChange { BlockRate = 1, ReplyRate = 1 });
        await ReactAsync();
        var id = await _test.SendAsync();
        Deliver();

        await _test.ReceiptAsync(id, DeliveryStage.Delivered);
        Assert.DoesNotContain(await _test.LogAsync(), e => e.Kind is LogKind.Blocked or LogKind.Received);
    }

    [Fact]
    public async Task The_same_seed_brings_the_same_blocks()
    {
        Assert.Equal(await BlockersAsync(7), await BlockersAsync(7));
        Assert.NotEqual(await BlockersAsync(7), await BlockersAsync(8));
    }

    private static async Task<List<string?>> BlockersAsync(int seed)
    {
        await using var test = new TestNetwork(options: TestNetwork.NewOptions(TestNetwork.Timed with { Seed = seed, BlockRate = 0.2 }));
        await test.PairAsync();
        for (var i = 0; i < 50; i++)
        {
            await test.SendAsync($"55118888{i:D5}");
            test.Clock.Advance(TestNetwork.Delivery);
        }

        return [.. (await test.LogAsync()).Where(e => e.Kind == LogKind.Blocked).Select(e => e.From)];
    }

    private async Task ReactAsync(params Reaction[] reactions) =>
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Reactions = [.. reactions] });

    private void Deliver() => _test.Clock.Advance(TestNetwork.Delivery);

    private void Change(FaultsChange change) => Assert.Empty(_test.Network.ChangeFaults(change));
}

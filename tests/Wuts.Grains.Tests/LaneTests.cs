using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Grains.Tests;

/// <summary>Kinds of traffic that share a device.</summary>
public sealed class LaneTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClusterFixture _cluster = null!;
    private DeviceKey _key = null!;
    private IDeviceGrain _device = null!;
    private int _chats;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync();
        (_key, _device) = await _cluster.NewDevice();
    }

    public async Task DisposeAsync()
    {
        _opened.TrySetResult();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_password_behind_ten_thousand_marketing_messages_leaves_next()
    {
        await HoldTheFirst();
        await SendAll(Enumerable.Range(0, 10_000).Select(n => Command($"offer {n}", Category.Marketing)));
        var password = Assert.IsType<SendAnswer.Accepted>(await _device.Send(Command("password", Category.Authentication)));

        _opened.SetResult();

        Assert.Equal("password", await NextText());
        Assert.True(password.WorthWaiting);
    }

    [Fact]
    public async Task Marketing_still_leaves_under_a_flood_of_utility()
    {
        await HoldTheFirst();
        await SendAll(Enumerable.Range(0, 120).Select(n => Command($"receipt {n}", Category.Utility)));
        await SendAll(Enumerable.Range(0, 20).Select(n => Command($"offer {n}", Category.Marketing)));

        _opened.SetResult();

        var left = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            left.Add(await NextText());
        }

        Assert.InRange(left.Count(text => text.StartsWith("offer", StringComparison.Ordinal)), 9, 10); // 5 : 25, and the first one had its turn
    }

    [Fact]
    public async Task Typing_for_another_lane_is_cut_short_by_a_password_and_goes_on_after_it()
    {
        var offer = Command("offer", Category.Marketing) with { Typing = TimeSpan.FromSeconds(30) };
        await _device.Send(offer);
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(30));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(20));

        var password = await _device.Send(Command("password", Category.Authentication) with { Hold = Held });

        Assert.Equal("password", await NextText());
        Assert.Equal(MessageState.Sent, Assert.IsType<SendAnswer.Accepted>(password).Message.State);
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(10)); // what was left
        Assert.Equal([$"{offer.ChatJid} on", $"{offer.ChatJid} off", $"{offer.ChatJid} on"], _cluster.Transport.Typing);
        Assert.True(_cluster.Transport.NothingSent);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("offer", await NextText());
    }

    [Fact]
    public async Task Typing_is_cut_short_when_a_delayed_password_comes_due_and_not_before()
    {
        await _device.Send(Command("offer", Category.Marketing) with { Typing = TimeSpan.FromSeconds(30) });
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(30));

        await _device.Send(Command("password", Category.Authentication) with { Delay = TimeSpan.FromSeconds(10) });
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(10));
        Assert.True(_cluster.Transport.NothingSent);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("password", await NextText());
    }

    [Fact]
    public async Task Typing_goes_on_for_what_is_no_password_and_for_a_password_in_the_same_chat()
    {
        var offer = Command("offer", Category.Marketing) with { Typing = TimeSpan.FromSeconds(30) };
        await _device.Send(offer);
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(30));

        await _device.Send(Command("receipt", Category.Utility));
        await _device.Send(Command("password", Category.Authentication) with { ChatJid = offer.ChatJid });
        _cluster.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("offer", await NextText());
        Assert.Equal([$"{offer.ChatJid} on", $"{offer.ChatJid} off"], _cluster.Transport.Typing);
        Assert.Equal("password", await NextText());
        Assert.Equal("receipt", await NextText());
    }

    [Fact]
    public async Task The_lanes_of_a_queue_that_is_loaded_are_those_of_its_rows()
    {
        var (key, device) = await _cluster.NewDevice(active: false);
        var epoch = (await _cluster.Devices.RaiseEpochAsync(key))!.Epoch;
        foreach (var command in new[] { Command("offer", Category.Marketing), Command("receipt", Category.Service), Command("password", Category.Authentication) })
        {
            await Store(key, epoch, command);
        }

        await device.Wake();

        Assert.Equal(["password", "receipt", "offer"], [await NextText(), await NextText(), await NextText()]);
    }

    private async Task HoldTheFirst()
    {
        var first = true;
        var handedOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Transport.Answer(_key, async message =>
        {
            if (first)
            {
                first = false;
                handedOver.SetResult();
                await _opened.Task;
            }

            return _cluster.Transport.Taken(message);
        });
        await _device.Send(Command("the first", Category.Marketing));
        await handedOver.Task.WaitAsync(Held);
        await NextText();
    }

    private async Task SendAll(IEnumerable<SendCommand> commands)
    {
        foreach (var some in commands.Chunk(500))
        {
            Assert.All(await Task.WhenAll(some.Select(command => _device.Send(command))), answer => Assert.IsType<SendAnswer.Accepted>(answer));
        }
    }

    private async Task Store(DeviceKey key, long epoch, SendCommand command)
    {
        var now = _cluster.Clock.GetUtcNow();
        var envelope = new MessageEnvelope
        {
            Id = command.MessageId, TenantId = key.TenantId, DeviceId = key.DeviceId, UserId = ClusterFixture.User, ChatJid = command.ChatJid,
            Content = command.Content, Fingerprint = "f", AcceptedAt = now, DueAt = now, Typing = TimeSpan.Zero, Position = ++_chats, Category = command.Category,
        };
        await _cluster.Messages.WriteAsync(Message.Accept(envelope, epoch, claim: false), fenced: true);
    }

    private SendCommand Command(string text, Category category) =>
        _cluster.Command(text, chat: $"55119{++_chats:D8}") with { Category = category };

    private async Task<string> NextText() => ((TextContent)(await _cluster.Transport.NextSent()).Content).Text;
}

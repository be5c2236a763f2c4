using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Grains.Pacing;

namespace Wuts.Grains.Tests.Pacing;

public sealed class WarmUpTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);
    private static readonly ImmutableArray<int> Small = [2, 3];

    private ClusterFixture _cluster = null!;
    private int _strangers;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_burst_to_two_thousand_strangers_is_spread_over_four_days_and_a_restart_keeps_the_plan()
    {
        var (key, device) = await _cluster.NewDevice();
        var answers = new List<Message>();
        for (var i = 0; i < 2000; i++)
        {
            answers.Add(Accepted(await device.Send(Stranger())).Message);
        }

        Assert.Equal([250, 500, 1000, 250], answers.GroupBy(PlannedDay).OrderBy(day => day.Key).Select(day => day.Count()));
        Assert.Equal(answers.OrderBy(PlannedAt), answers);
        Assert.Equal(1750, answers.Count(message => message.Hold == HoldReason.WarmUp));

        await Restart();
        var warmUp = (await _cluster.Device(key).GetHealth())!.WarmUp;
        Assert.Equal([250, 500, 1000, 250], warmUp.Days.Select(day => day.Planned));
        Assert.Equal(1750, warmUp.Held);
        var next = Accepted(await _cluster.Device(key).Send(Stranger() with { QueueWhenNotReady = true })).Message;
        Assert.Equal((answers[^1].NotBefore!.Value.Date, HoldReason.WarmUp), (next.NotBefore!.Value.Date, next.Hold));
    }

    [Fact]
    public async Task A_stranger_beyond_todays_allowance_is_told_the_date_and_leaves_then()
    {
        var device = await NewSmallDevice();
        await device.Send(Stranger());
        await device.Send(Stranger());

        var answer = Accepted(await device.Send(Stranger(hold: Held)));

        Assert.False(answer.WorthWaiting);
        Assert.Equal(answer.Message.NotBefore, answer.DepartureAt);
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 10, 50, 0, TimeSpan.Zero), answer.Message.NotBefore);
        Assert.Equal([TimelineKind.Accepted, TimelineKind.Held], (await Timeline(answer.Message)).Select(entry => entry.Kind));
        await NextSent(2);
        _cluster.Clock.Advance(answer.DepartureAt - _cluster.Clock.GetUtcNow());
        Assert.Equal(answer.Message.Envelope.ChatJid, (await _cluster.Transport.NextSent()).ChatJid);
    }

    [Fact]
    public async Task Known_people_groups_and_one_time_passwords_are_not_held()
    {
        var device = await NewSmallDevice();
        var first = Stranger();
        await device.Send(first);
        await device.Send(Stranger());

        Assert.Null(Accepted(await device.Send(_cluster.Command("again") with { ChatJid = first.ChatJid })).Message.Hold);
        Assert.Null(Accepted(await device.Send(_cluster.Command("group") with { ChatJid = "123@g.us" })).Message.Hold);
        Assert.Null(Accepted(await device.Send(Stranger() with { Category = Category.Authentication })).Message.Hold);
        Assert.Equal(3, (await device.GetHealth())!.WarmUp.Days[0].Planned);
        await NextSent(5);
    }

    [Fact]
    public async Task Who_writes_meanwhile_gets_what_waited_for_them()
    {
        var device = await NewSmallDevice();
        await device.Send(Stranger());
        await device.Send(Stranger());
        var held = Accepted(await device.Send(Stranger())).Message;
        await NextSent(2);

        await device.Handle([new DeviceEvent.MessageReceived(Inbound(held.Envelope.ChatJid))]);

        Assert.Equal(held.Envelope.Id, (await _cluster.Transport.NextSent()).ProviderId);
        Assert.Contains((await Timeline(held)), entry => entry.Kind == TimelineKind.Released);
        Assert.Equal(ContactOrigin.Inbound, (await _cluster.Health.FindContactAsync(KeyOf(held), held.Envelope.ChatJid))!.Origin);
    }

    [Fact]
    public async Task A_one_time_password_does_not_stand_behind_what_waits_for_days()
    {
        var device = await NewSmallDevice();
        await device.Send(Stranger());
        await device.Send(Stranger());
        var held = Accepted(await device.Send(Stranger())).Message;
        await NextSent(2);

        await device.Send(_cluster.Command("123456") with { ChatJid = held.Envelope.ChatJid, Category = Category.Authentication });

        Assert.Equal(held.Envelope.Id, (await _cluster.Transport.NextSent()).ProviderId); // in its chat nothing overtakes
        Assert.Equal(held.Envelope.ChatJid, (await _cluster.Transport.NextSent()).ChatJid);
        var today = (await device.GetHealth())!.WarmUp;
        Assert.Equal((3, 1), (today.Days[0].Planned, today.Days.Length));
    }

    [Fact]
    public async Task After_days_without_a_link_strangers_are_planned_anew_and_not_sent_at_once()
    {
        var device = await NewSmallDevice();
        for (var i = 0; i < 5; i++)
        {
            await device.Send(Stranger());
        }

        await NextSent(2);
        await device.Disconnect();
        _cluster.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromHours(1)); // day 1 still
        await device.SetWarmUp(new(Schedule: [2, 3, 1, 1, 1]));
        _cluster.Clock.Advance(TimeSpan.FromDays(2)); // the three of day 2 are late on day 3, which allows one
        await device.Connect();

        await NextSent(1);
        var warmUp = (await device.GetHealth())!.WarmUp;
        Assert.Equal(2, warmUp.Held);
        Assert.Equal([1, 1, 1], warmUp.Days.Select(day => day.Planned));
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task A_number_that_was_warmed_up_elsewhere_sends_what_it_held()
    {
        var device = await NewSmallDevice();
        for (var i = 0; i < 5; i++)
        {
            await device.Send(Stranger());
        }

        await NextSent(2);
        var health = await device.SetWarmUp(new(StartedAt: _cluster.Clock.GetUtcNow().AddDays(-30)));

        Assert.True(health!.WarmUp.IsOver);
        Assert.Equal(0, health.WarmUp.Held);
        await NextSent(3);
    }

    [Fact]
    public async Task Nobody_counts_whose_message_was_not_stored()
    {
        var device = await NewSmallDevice();
        _cluster.Flushes.BeforeWrite = _ => throw new IOException("The disk is full.");
        await Assert.ThrowsAnyAsync<Exception>(() => device.Send(Stranger()));
        _cluster.Flushes.BeforeWrite = _ => Task.FromResult(Wuts.Testing.Memory.WriteFault.None);

        Assert.Equal(0, (await device.GetHealth())!.WarmUp.Days[0].Planned);
    }

    private async Task<IDeviceGrain> NewSmallDevice()
    {
        var (_, device) = await _cluster.NewDevice();
        await device.SetWarmUp(new(Schedule: Small));
        return device;
    }

    private SendCommand Stranger(TimeSpan hold = default) => _cluster.Command("hi", chat: $"55119777{++_strangers:D5}", hold: hold);

    private async Task Restart()
    {
        var before = _cluster;
        await before.DisposeAsync();
        _cluster = await ClusterFixture.StartAsync(former: before);
    }

    private async Task NextSent(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _cluster.Transport.NextSent();
        }
    }

    private async Task<ImmutableArray<TimelineEntry>> Timeline(Message message) =>
        await _cluster.Messages.ReadTimelineAsync(ClusterFixture.Tenant, message.Envelope.Id);

    private InboundMessage Inbound(string from) => new("in-1", from, from, "5511999990001@s.whatsapp.net", "hello", null, _cluster.Clock.GetUtcNow());

    private static DeviceKey KeyOf(Message message) => new(message.Envelope.TenantId, message.Envelope.DeviceId);

    private static SendAnswer.Accepted Accepted(SendAnswer answer) => Assert.IsType<SendAnswer.Accepted>(answer);

    private static DateTimeOffset PlannedAt(Message message) => message.NotBefore ?? message.Envelope.DueAt;

    private static DateTime PlannedDay(Message message) => PlannedAt(message).UtcDateTime.Date;
}

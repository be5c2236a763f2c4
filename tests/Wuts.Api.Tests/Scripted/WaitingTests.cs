using System.Net;
using Orleans.Runtime;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Domain.Waiting;
using Wuts.Storage;

namespace Wuts.Api.Tests.Scripted;

/// <summary>What a message, or a whole queue, waits for.</summary>
public sealed class WaitingTests : IAsyncLifetime
{
    private static readonly string Id = MessageId.FromOperation("acme", "1");

    private FrontEnd _frontEnd = null!;
    private Message _message = null!;

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync();
        await _frontEnd.AddDevice("user", "device-1");
        await Store(Message.Accept(
            new()
            {
                Id = Id, TenantId = "acme", DeviceId = "device-1", UserId = "user", ChatJid = Samples.Chat, Content = new TextContent("hi", []),
                Fingerprint = "f", AcceptedAt = Samples.T0, DueAt = Samples.T0.AddSeconds(30), Typing = TimeSpan.Zero, Position = 1,
                Category = Category.Marketing,
            },
            epoch: 0,
            claim: false));
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Fact]
    public async Task A_message_says_what_its_device_says_it_waits_for()
    {
        WaitingMessage? asked = null;
        _frontEnd.Grains.Explain = message =>
        {
            asked = message;
            return new(WaitReason.ChatOrder, Samples.T0.AddSeconds(30), Samples.T0.AddSeconds(61.5), "Another goes first.");
        };

        var reply = await Detail();

        Assert.Equal(new WaitingMessage(Id, MessageState.Queued, Samples.T0, Samples.T0.AddSeconds(30), Samples.T0, null, true), asked);
        Assert.Equal(["reason", "since", "until", "sentence"], reply["waiting_for"].EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ("chat_order", "2030-01-01T12:00:30.000Z", "2030-01-01T12:01:01.500Z", "Another goes first."),
            (reply.Text("waiting_for.reason"), reply.Text("waiting_for.since"), reply.Text("waiting_for.until"), reply.Text("waiting_for.sentence")));
        Assert.Equal("marketing", reply.Text("category"));
    }

    [Fact]
    public async Task Nobody_knows_until_when_is_null()
    {
        _frontEnd.Grains.Explain = _ => new(WaitReason.DeviceLoggedOut, Samples.T0, null, "Pair it again.");

        Assert.Null((await Detail()).Text("waiting_for.until"));
    }

    [Fact]
    public async Task A_message_that_has_left_waits_for_nothing_and_its_device_is_not_asked()
    {
        _frontEnd.Grains.Explain = _ => throw new InvalidOperationException("The device was asked.");
        await Leave();

        Assert.Null((await Detail()).Text("waiting_for"));
    }

    [Theory]
    [InlineData("the grain")]
    [InlineData("the silo")]
    [InlineData("the database")]
    public async Task A_device_that_cannot_be_asked_leaves_what_the_row_says(string away)
    {
        _frontEnd.Grains.Explain = _ => throw away switch
        {
            "the grain" => new TimeoutException("internals"),
            "the silo" => new SiloUnavailableException("internals"),
            _ => new StorageUnavailableException("internals"),
        };

        var reply = await Detail();

        Assert.Equal("delay", reply.Text("waiting_for.reason")); // its row knows so: it is due in 2030
        Assert.Equal("2030-01-01T12:00:30.000Z", reply.Text("waiting_for.until"));
        Assert.DoesNotContain("internals", reply.Body.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WaitReason.WarmUp, "2030-01-03T12:00:00Z", "warm_up")]
    [InlineData(WaitReason.Pace, null, null)] // its day has come
    public async Task A_hold_is_told_as_long_as_it_is_what_the_message_waits_for(WaitReason reason, string? notBefore, string? hold)
    {
        await Store(_message.Wait(0, Samples.T0.AddDays(2), HoldReason.WarmUp, null, Samples.T0)!);
        _frontEnd.Grains.Explain = message => new(message.Hold == HoldReason.WarmUp ? reason : WaitReason.Delay, Samples.T0, null, "It waits.");

        var reply = await Detail();

        Assert.Equal((notBefore, hold), (reply.Text("not_before"), reply.Text("hold")));
    }

    [Fact]
    public async Task A_message_that_is_planned_says_so_also_when_its_device_cannot_be_asked()
    {
        await Store(_message.Wait(0, Samples.T0.AddDays(2), HoldReason.WarmUp, null, Samples.T0)!);
        _frontEnd.Grains.Explain = _ => throw new TimeoutException("internals");

        var reply = await Detail();

        Assert.Equal(("warm_up", "2030-01-03T12:00:00.000Z"), (reply.Text("waiting_for.reason"), reply.Text("waiting_for.until")));
        Assert.Equal(("2030-01-03T12:00:00Z", "warm_up"), (reply.Text("not_before"), reply.Text("hold")));
    }

    [Fact]
    public async Task A_rejected_message_has_its_reason_and_waits_for_nothing()
    {
        await Store(_message.Reject(new("opted_out", FailureClass.Consent, Retryable: false, "The recipient has opted out."), Samples.T0)!);
        _frontEnd.Grains.Explain = _ => throw new InvalidOperationException("The device was asked.");

        var reply = await Detail();

        Assert.Equal(("rejected", "The recipient has opted out.", null), (reply.Text("state"), reply.Text("reason"), reply.Text("waiting_for")));
    }

    [Fact]
    public async Task A_message_that_left_while_it_was_asked_for_is_read_again()
    {
        _frontEnd.Grains.Explain = _ =>
        {
            Leave().GetAwaiter().GetResult();
            return new(WaitReason.PickUp, Samples.T0, null, "Not in hand.");
        };

        var reply = await Detail();

        Assert.Equal("sent", reply.Text("state"));
        Assert.Null(reply.Text("waiting_for"));
    }

    [Fact]
    public async Task A_queue_is_counted_by_lane_category_and_reason()
    {
        _frontEnd.Grains.ExplainQueue = () => new(
            5, Id, Samples.T0, Samples.T0.AddSeconds(3.25),
            [new(Lane.Authentication, 1), new(Lane.Utility, 0), new(Lane.Marketing, 4)],
            [new(Category.Utility, 0), new(Category.Authentication, 1), new(Category.Service, 0), new(Category.Marketing, 4)],
            [new(WaitReason.Queue, 4, Samples.T0, Samples.T0.AddSeconds(12), "4 messages wait for a turn."), new(WaitReason.Typing, 1, Samples.T0, null, "One.")]);

        var reply = (await _frontEnd.As(FrontEnd.User).Get("/devices/device-1/queue")).Is(HttpStatusCode.OK);

        var data = reply["data"];
        Assert.Equal(
            ["device_id", "waiting", "in_flight", "oldest_accepted_at", "next_departure_at", "lanes", "categories", "groups"],
            data.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("device-1", Id), (reply.Text("data.device_id"), reply.Text("data.in_flight")));
        Assert.Equal("2030-01-01T12:00:03.250Z", reply.Text("data.next_departure_at"));
        Assert.Equal(
            """[{"lane":"authentication","waiting":1},{"lane":"utility","waiting":0},{"lane":"marketing","waiting":4}]""", data.GetProperty("lanes").GetRawText());
        Assert.Equal(
            """{"reason":"queue","count":4,"since":"2030-01-01T12:00:00.000Z","until":"2030-01-01T12:00:12.000Z","sentence":"4 messages wait for a turn."}""",
            data.GetProperty("groups")[0].GetRawText());
    }

    [Fact]
    public async Task The_queue_of_an_unknown_device_is_404()
    {
        (await _frontEnd.As(FrontEnd.User).Get("/devices/nobody/queue")).IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND");
        (await _frontEnd.As(FrontEnd.User).Get("/devices/device-1/queue")).IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND"); // removed meanwhile
    }

    private async Task<Reply> Detail() => (await _frontEnd.As(FrontEnd.User).Get($"/messages/{Id}")).Is(HttpStatusCode.OK);

    private async Task Leave()
    {
        await Store(_message.Claim(0, Samples.T0.AddSeconds(30))!);
        await Store(_message.Record(0, 1, new DispatchOutcome.Accepted(Id, Samples.T0.AddSeconds(31)), Samples.T0.AddSeconds(31))!);
    }

    private async Task Store(Transition transition)
    {
        _message = transition.Message;
        Assert.Equal(WriteOutcome.Written, await _frontEnd.Service<IMessageStore>().WriteAsync(transition, fenced: false));
    }
}

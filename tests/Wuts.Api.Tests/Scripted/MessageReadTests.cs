using System.Net;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Storage;

namespace Wuts.Api.Tests.Scripted;

public sealed class MessageReadTests : IAsyncLifetime
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
                Fingerprint = "f", AcceptedAt = Samples.T0, DueAt = Samples.T0, Typing = TimeSpan.Zero, Position = 1,
            },
            epoch: 0,
            claim: true));
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Fact]
    public async Task Before_anything_is_known_the_status_is_pending_and_times_are_null()
    {
        var reply = await Status();

        Assert.Equal(
            ["success", "message_id", "chat_jid", "is_group", "status", "delivered_at", "read_at", "played_at", "state", "reason"], reply.Names());
        Assert.Equal((Id, Samples.Chat, "pending", "dispatching"), (reply.Text("message_id"), reply.Text("chat_jid"), reply.Text("status"), reply.Text("state")));
        Assert.False(reply["is_group"].GetBoolean());
        Assert.All(["delivered_at", "read_at", "played_at", "reason"], name => Assert.Null(reply.Text(name)));
    }

    [Fact]
    public async Task Each_stage_has_its_word_and_its_time()
    {
        await Store(_message.Record(0, 1, new DispatchOutcome.Accepted(Id, Samples.T0.AddSeconds(1)), Samples.T0)!);
        Assert.Equal(("pending", "sent"), ((await Status()).Text("status"), (await Status()).Text("state")));

        await Apply(DeliveryStage.Delivered, 2);
        Assert.Equal(("delivered", "2030-01-01T12:00:02Z"), ((await Status()).Text("status"), (await Status()).Text("delivered_at")));

        await Apply(DeliveryStage.Read, 3);
        Assert.Equal(("read", "2030-01-01T12:00:03Z"), ((await Status()).Text("status"), (await Status()).Text("read_at")));

        await Apply(DeliveryStage.Played, 4);
        Assert.Equal(("played", "2030-01-01T12:00:04Z"), ((await Status()).Text("status"), (await Status()).Text("played_at")));
    }

    [Fact]
    public async Task Read_implies_delivered_also_when_that_receipt_never_came()
    {
        await Apply(DeliveryStage.Read, 3);

        Assert.Equal("2030-01-01T12:00:03Z", (await Status()).Text("delivered_at"));
    }

    [Fact]
    public async Task A_failure_says_why()
    {
        await Store(_message.Record(0, 1, new DispatchOutcome.Failed(Samples.NoSuchNumber), Samples.T0.AddSeconds(1))!);

        var reply = await Status();
        Assert.Equal(("failed", "failed", Samples.NoSuchNumber.Explanation), (reply.Text("status"), reply.Text("state"), reply.Text("reason")));

        var detail = await Detail();
        Assert.Equal((Samples.NoSuchNumber.Explanation, "131026", "2030-01-01T12:00:01Z"), (detail.Text("reason"), detail.Text("failure.code"), detail.Text("failed_at")));
    }

    [Fact]
    public async Task The_detail_tells_all_but_the_text()
    {
        await Store(_message.Record(0, 1, new DispatchOutcome.Unknown("no answer in time"), Samples.T0.AddSeconds(75.5))!);
        await Apply(DeliveryStage.Delivered, 80);

        var reply = await Detail();

        Assert.Equal(
            [
                "success", "message_id", "device_id", "user_id", "chat_jid", "is_group", "type", "category", "status", "state", "reason", "failure",
                "waiting_for", "attempts", "uncertain", "overdue", "accepted_at", "due_at", "not_before", "hold", "sent_at",
                "delivered_at", "read_at", "played_at", "failed_at", "timeline",
            ],
            reply.Names());
        Assert.True(reply["uncertain"].GetBoolean());
        Assert.Equal(("delivered", "text", 1), (reply.Text("state"), reply.Text("type"), reply["attempts"].GetInt32()));
        Assert.Equal("2030-01-01T12:00:00.000Z", reply.Text("accepted_at"));
        var timeline = reply["timeline"].EnumerateArray().ToArray();
        Assert.Equal(["accepted", "claimed", "uncertain", "delivered"], timeline.Select(t => t.GetProperty("kind").GetString()));
        Assert.Equal(["at", "kind", "source", "attempt", "detail"], timeline[2].EnumerateObject().Select(m => m.Name));
        Assert.Equal("2030-01-01T12:01:15.500Z", timeline[2].GetProperty("at").GetString());
        Assert.Equal(("device", "no answer in time"), (timeline[2].GetProperty("source").GetString(), timeline[2].GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("3EB0")]
    [InlineData("3EB00000000000000000000F")]
    [InlineData("nonsense")]
    [InlineData("3EB0%27%3B%20DROP%20TABLE")]
    public async Task An_unknown_id_is_404(string id)
    {
        (await _frontEnd.As(FrontEnd.Admin).Get($"/messages/{id}")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
        (await _frontEnd.As(FrontEnd.Admin).Get($"/messages/{id}/status")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    private async Task<Reply> Status() => (await _frontEnd.As(FrontEnd.User).Get($"/messages/{Id}/status")).Is(HttpStatusCode.OK);

    private async Task<Reply> Detail() => (await _frontEnd.As(FrontEnd.User).Get($"/messages/{Id}")).Is(HttpStatusCode.OK);

    private Task Apply(DeliveryStage stage, int seconds) => Store(_message.Apply([new DeliveryEvent(stage, Samples.T0.AddSeconds(seconds))])!);

    private async Task Store(Transition transition)
    {
        _message = transition.Message;
        Assert.Equal(WriteOutcome.Written, await _frontEnd.Service<IMessageStore>().WriteAsync(transition, fenced: false));
    }
}

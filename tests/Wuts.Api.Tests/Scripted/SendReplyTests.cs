using System.Net;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Grains.Devices;

namespace Wuts.Api.Tests.Scripted;

public sealed class SendReplyTests : IAsyncLifetime
{
    private static readonly object Hello = new { number = Samples.Number, text = "hello" };

    private FrontEnd _frontEnd = null!;

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync();
        await _frontEnd.AddDevice("user", "device-1");
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Fact]
    public async Task A_message_that_left_is_200_in_the_shape_of_the_contract()
    {
        _frontEnd.Grains.Send = (device, command) => Samples.Answer(Samples.Sent(device, command));

        var reply = await Send();

        reply.Is(HttpStatusCode.OK);
        Assert.Equal(["success", "message_id", "timestamp", "status", "chat_jid", "metadata"], reply.Names());
        Assert.Equal(
            [
                "device_id", "user_id", "processing_time_ms", "presence_sent", "presence_duration_seconds", "mentions_processed",
                "quoted_message_found", "sent_at",
            ],
            reply.Names("metadata"));
        Assert.True(reply["success"].GetBoolean());
        Assert.Matches("^3EB0[0-9A-F]{20}$", reply.Text("message_id"));
        Assert.Equal(("2030-01-01T12:00:00Z", "sent", Samples.Chat), (reply.Text("timestamp"), reply.Text("status"), reply.Text("chat_jid")));
        Assert.Equal(("device-1", "user", 250), (reply.Text("metadata.device_id"), reply.Text("metadata.user_id"), reply["metadata.processing_time_ms"].GetInt32()));
        Assert.True(reply["metadata.presence_sent"].GetBoolean());
        Assert.Equal(3, reply["metadata.presence_duration_seconds"].GetInt32());
        Assert.Equal("2030-01-01T12:00:00Z", reply.Text("metadata.sent_at"));
    }

    [Fact]
    public async Task A_message_that_waits_is_202_with_where_to_ask()
    {
        _frontEnd.Grains.Send = (device, command) => Samples.Answer(Samples.Queued(device, command));

        var reply = await Send();

        reply.Is(HttpStatusCode.Accepted);
        Assert.Equal(["success", "message_id", "timestamp", "status", "chat_jid", "estimated_at", "message", "metadata"], reply.Names());
        Assert.Equal(("queued", "2030-01-01T12:00:03Z"), (reply.Text("status"), reply.Text("estimated_at")));
        Assert.Equal($"/messages/{reply.Text("message_id")}", reply.Header("Location"));
        Assert.Null(reply.Header("Preference-Applied"));
    }

    [Fact]
    public async Task A_message_of_unknown_outcome_is_202_and_says_not_to_send_it_again()
    {
        _frontEnd.Grains.Send = (device, command) =>
            Samples.Answer(Samples.Ended(Samples.Dispatching(device, command), new DispatchOutcome.Unknown("no answer")));

        var reply = await Send();

        reply.Is(HttpStatusCode.Accepted);
        Assert.Equal("uncertain", reply.Text("status"));
        Assert.Contains("do not send it again", reply.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_failed_for_good_is_422_with_the_reason()
    {
        _frontEnd.Grains.Send = (device, command) =>
            Samples.Answer(Samples.Ended(Samples.Dispatching(device, command), new DispatchOutcome.Failed(Samples.NoSuchNumber)));

        var reply = await Send();

        reply.IsError(HttpStatusCode.UnprocessableEntity, "SEND_FAILED");
        Assert.Matches("^3EB0[0-9A-F]{20}$", reply.Text("message_id"));
        Assert.Equal(["code", "class", "retryable", "reason"], reply.Names("failure"));
        Assert.Equal(("131026", "recipient", "This number is not on WhatsApp."), (reply.Text("failure.code"), reply.Text("failure.class"), reply.Text("failure.reason")));
        Assert.False(reply["retryable"].GetBoolean());
    }

    [Fact]
    public async Task A_message_whose_attempts_ran_out_is_502_and_may_be_sent_again()
    {
        _frontEnd.Grains.Send = (device, command) =>
            Samples.Answer(Samples.Ended(Samples.Dispatching(device, command), new DispatchOutcome.Failed(Samples.Throttled)));

        var reply = await Send();

        Assert.True(reply.IsError(HttpStatusCode.BadGateway, "SEND_FAILED")["retryable"].GetBoolean());
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(0.2, "1")]
    [InlineData(4.2, "5")]
    public async Task A_device_that_is_not_ready_is_503_with_when_to_come_back(double seconds, string retryAfter)
    {
        _frontEnd.Grains.Send = (_, _) => Task.FromResult<SendAnswer>(
            new SendAnswer.NotReady(DeviceState.Connecting, "the line broke", TimeSpan.FromSeconds(seconds)));

        var reply = await Send();

        reply.IsError(HttpStatusCode.ServiceUnavailable, "DEVICE_NOT_READY");
        Assert.Equal(retryAfter, reply.Header("Retry-After"));
        Assert.Equal("WhatsApp session is not connected: the device is connecting (the line broke).", reply.Text("error"));
        Assert.True(reply["retryable"].GetBoolean());
    }

    [Fact]
    public async Task A_full_queue_is_503_with_when_to_come_back()
    {
        _frontEnd.Grains.Send = (_, _) => Task.FromResult<SendAnswer>(new SendAnswer.QueueFull(100_000));

        var reply = await Send();

        reply.IsError(HttpStatusCode.ServiceUnavailable, "QUEUE_FULL");
        Assert.Equal("30", reply.Header("Retry-After"));
        Assert.Contains("100000 messages wait", reply.Text("error"), StringComparison.Ordinal);
        Assert.True(reply["retryable"].GetBoolean());
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_payload_is_422()
    {
        _frontEnd.Grains.Send = (_, _) => Task.FromResult<SendAnswer>(new SendAnswer.KeyReused());

        Assert.False((await Send(("Idempotency-Key", "k"))).IsError(HttpStatusCode.UnprocessableEntity, "IDEMPOTENCY_KEY_REUSED")["retryable"].GetBoolean());
    }

    [Fact]
    public async Task Without_any_device_the_caller_is_told_what_to_do() => Assert.Contains(
        "POST /devices",
        (await _frontEnd.As(FrontEnd.Manager).Post("/send/text", Hello)).IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND").Text("error"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("?device_id=from-query", "from-body", "from-header", "from-query")]
    [InlineData("", "from-body", "from-header", "from-body")]
    [InlineData("?device_id=", "", "from-header", "from-header")]
    [InlineData("", null, null, "device-1")]
    public async Task The_device_is_the_querys_then_the_bodys_then_the_headers_then_the_callers_own(string query, string? body, string? header, string expected)
    {
        string? chosen = null;
        _frontEnd.Grains.Send = (device, command) =>
        {
            chosen = device.ToString();
            return Samples.Answer(Samples.Sent(device, command));
        };

        (string, string)[] headers = header is null ? [] : [("X-Device-Id", header)];
        await _frontEnd.As(FrontEnd.User).Post($"/send/text{query}", new { number = Samples.Number, text = "hi", device_id = body }, headers);

        Assert.Equal($"acme/{expected}", chosen);
    }

    [Theory]
    [InlineData("../other/device")]
    [InlineData("a b")]
    [InlineData("%00")]
    [InlineData("other/device-9")]
    public async Task An_id_that_no_device_can_have_is_404_and_reaches_no_grain(string id)
    {
        _frontEnd.Grains.Send = (_, _) => throw new InvalidOperationException("A grain was called.");

        var reply = await _frontEnd.As(FrontEnd.User).Post($"/send/text?device_id={id}", Hello);

        reply.IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND");
    }

    private Task<Reply> Send(params (string, string)[] headers) => _frontEnd.As(FrontEnd.User).Post("/send/text", Hello, headers);
}

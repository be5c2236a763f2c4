using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Wuts.Api.Tests.Support;

namespace Wuts.Api.Tests.Live;

[Collection(Live.Name)]
public sealed class SendingTests(LiveServer server)
{
    [Fact]
    public async Task Fifty_clients_with_one_idempotency_key_send_one_message()
    {
        var tenant = await server.NewTenant();
        var (device, _) = await server.NewConnectedDevice(tenant);
        var request = new { number = server.NewNumber(), text = "once", typingDuration = 0 };

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => tenant.Post("/send/text", request, ("Idempotency-Key", "order-17"))));

        Assert.All(replies, reply => reply.Is(HttpStatusCode.OK));
        Assert.Single(replies.Select(reply => reply.Body.ToString()).Distinct());
        Assert.Single(await Accepted(device));
        (await tenant.Post("/send/text", request with { text = "twice" }, ("Idempotency-Key", "order-17")))
            .IsError(HttpStatusCode.UnprocessableEntity, "IDEMPOTENCY_KEY_REUSED");
        Assert.Single(await Accepted(device));
    }

    [Fact]
    public async Task A_repeat_is_answered_also_when_the_device_is_gone_by_then()
    {
        var tenant = await server.NewTenant();
        await server.NewConnectedDevice(tenant);
        var request = new { number = server.NewNumber(), text = "once", typingDuration = 0 };
        var first = await tenant.Post("/send/text", request, ("Idempotency-Key", "k"));
        (await tenant.Post("/disconnect")).Is(HttpStatusCode.OK);

        var second = await tenant.Post("/send/text", request, ("Idempotency-Key", "k"));

        Assert.Equal(first.Is(HttpStatusCode.OK).Body.ToString(), second.Is(HttpStatusCode.OK).Body.ToString());
    }

    [Fact]
    public async Task The_answer_comes_after_delay_and_typing_which_the_phone_saw()
    {
        var tenant = await server.NewTenant();
        var (device, _) = await server.NewConnectedDevice(tenant);
        var watch = Stopwatch.StartNew();

        var reply = await tenant.Post("/send/text", new { number = server.NewNumber(), text = "slowly", delay = 1, typingDuration = 1 });

        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20));
        Assert.InRange(reply.Is(HttpStatusCode.OK)["metadata.processing_time_ms"].GetInt32(), 1900, 20_000);
        var log = await Log(device);
        var typing = log.Single(l => l.GetProperty("kind").GetString() == "typing").GetProperty("at").GetDateTimeOffset();
        var accepted = log.Single(l => l.GetProperty("kind").GetString() == "accepted").GetProperty("at").GetDateTimeOffset();
        Assert.InRange(accepted - typing, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_delay_that_cannot_be_held_is_202_at_once_with_an_estimate()
    {
        var tenant = await server.NewTenant();
        await server.NewConnectedDevice(tenant);

        var reply = await tenant.Post("/send/text", new { number = server.NewNumber(), text = "later", delay = 300 });

        reply.Is(HttpStatusCode.Accepted);
        Assert.InRange(
            reply["estimated_at"].GetDateTimeOffset() - reply["timestamp"].GetDateTimeOffset(), TimeSpan.FromSeconds(302), TimeSpan.FromSeconds(304));
        var message = await tenant.Get(reply.Header("Location")!);
        Assert.Equal("queued", message.Is(HttpStatusCode.OK).Text("state"));
        Assert.Equal(1, (await tenant.Get("/status"))["data.queue_depth"].GetInt32());
    }

    [Fact]
    public async Task Asynchronous_sends_are_202_and_leave_by_themselves()
    {
        var tenant = await server.NewTenant();
        var (device, _) = await server.NewConnectedDevice(tenant);

        var reply = await tenant.Post("/send/text", new { number = server.NewNumber(), text = "soon", delay = 1, typingDuration = 0 }, ("Prefer", "respond-async"));

        Assert.Equal(("queued", "respond-async"), (reply.Is(HttpStatusCode.Accepted).Text("status"), reply.Header("Preference-Applied")));
        var told = await server.Receiver.Next(device, "message.sent");
        Assert.Equal(reply.Text("message_id"), told.GetProperty("data").GetProperty("message_id").GetString());
    }

    [Fact]
    public async Task A_client_that_hangs_up_cancels_nothing()
    {
        var tenant = await server.NewTenant();
        var (device, _) = await server.NewConnectedDevice(tenant);
        using var hangUp = new CancellationTokenSource();
        var body = ApiClient.Json(JsonSerializer.Serialize(new { number = server.NewNumber(), text = "all the same", delay = 1, typingDuration = 0 }));

        var reply = tenant.Send(HttpMethod.Post, "/send/text", body, cancellationToken: hangUp.Token);
        while ((await tenant.Get("/status"))["data.queue_depth"].GetInt32() == 0)
        {
            Assert.False(reply.IsCompleted, "The answer came before the message was queued.");
        }

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
        await server.Receiver.Next(device, "message.sent");
    }

    [Fact]
    public async Task Within_a_chat_the_order_is_that_of_acceptance_and_other_chats_do_not_wait()
    {
        var tenant = await server.NewTenant();
        var (device, _) = await server.NewConnectedDevice(tenant);
        var (chat, other) = (server.NewNumber(), server.NewNumber());
        (string, string) async = ("Prefer", "respond-async");
        await tenant.Post("/send/text", new { number = chat, text = "A", delay = 1, typingDuration = 0 }, async);
        await tenant.Post("/send/text", new { number = chat, text = "B", typingDuration = 0 }, async);
        await tenant.Post("/send/text", new { number = other, text = "C", typingDuration = 0 }, async);
        for (var sent = 0; sent < 3; sent++)
        {
            await server.Receiver.Next(device, "message.sent");
        }

        Assert.Equal(["C", "A", "B"], (await Accepted(device)).Select(l => l.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task The_document_of_the_whole_process_has_the_simulator_too()
    {
        var paths = (await server.Client.Get("/openapi.json")).Is(HttpStatusCode.OK).Names("paths");

        Assert.Contains("/send/text", paths);
        Assert.Contains("/simulator/phones", paths);
    }

    [Fact]
    public async Task The_whole_process_is_live_and_ready_and_refuses_headers_of_2_MB_in_the_envelope()
    {
        Assert.Equal("live", (await server.Client.Get("/health/live")).Is(HttpStatusCode.OK).Text("status"));
        Assert.Equal("ok", (await server.Client.Get("/health/ready")).Is(HttpStatusCode.OK).Text("checks.storage"));
        (await server.Client.Get("/devices", ("X-Large", new string('x', 2 * 1024 * 1024)))).IsError(HttpStatusCode.RequestHeaderFieldsTooLarge, "HEADERS_TOO_LARGE");
    }

    private async Task<JsonElement[]> Accepted(string device) =>
        [.. (await Log(device)).Where(l => l.GetProperty("kind").GetString() == "accepted")];

    // The log names devices by tenant and id; ids are unique.
    private async Task<JsonElement[]> Log(string device) =>
        [.. (await server.Client.Get("/simulator/log?limit=1000"))["entries"].EnumerateArray()
            .Where(l => l.TryGetProperty("device", out var name) && name.GetString()!.EndsWith("/" + device, StringComparison.Ordinal))];
}

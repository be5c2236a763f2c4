using System.Net;
using System.Text.Json;
using Wuts.Api.Tests.Support;

namespace Wuts.Api.Tests.Live;

[Collection(Live.Name)]
public sealed class JourneyTests(LiveServer server)
{
    [Fact]
    public async Task From_a_new_tenant_to_a_message_that_was_read()
    {
        var tenant = await server.NewTenant();
        var device = await server.NewDevice(tenant);
        Assert.False((await tenant.Get($"/qr/status?device_id={device}"))["data.exists"].GetBoolean());
        (await tenant.Post("/send/text", new { number = server.NewNumber(), text = "too early" })).IsError(HttpStatusCode.ServiceUnavailable, "DEVICE_NOT_READY");

        var qr = await tenant.Get("/qr");
        Assert.False(qr.Is(HttpStatusCode.OK)["data.cached"].GetBoolean());
        Assert.Equal(qr.Text("data.qr_code"), (await tenant.Get("/qr")).Text("data.qr_code"));
        Assert.NotEqual(qr.Text("data.qr_code"), (qr = await tenant.Get("/qr?refresh=true")).Text("data.qr_code"));
        Assert.True((await tenant.Get($"/qr/status?device_id={device}"))["data.exists"].GetBoolean());
        Assert.Equal("qr_pending", (await tenant.Get("/status")).Text("data.status"));

        var number = server.NewNumber();
        await server.Client.Post("/simulator/phones", new { number });
        (await server.Client.Post($"/simulator/phones/{number}/scan", new { qr_code = qr.Text("data.qr_code") })).Is(HttpStatusCode.OK);
        await server.Receiver.Next(device, "device.connected");
        var status = await tenant.Get("/status");
        Assert.Equal(("connected", number), (status.Text("data.status"), status.Text("data.phone_number")));
        (await tenant.Get("/qr")).IsError(HttpStatusCode.BadRequest, "ALREADY_CONNECTED");

        var recipient = server.NewNumber();
        var sent = await tenant.Post("/send/text", new { number = $"+{recipient}", text = "olá 😀", typingDuration = 0 });
        Assert.Equal(("sent", $"{recipient}@s.whatsapp.net", device), (sent.Is(HttpStatusCode.OK).Text("status"), sent.Text("chat_jid"), sent.Text("metadata.device_id")));
        Assert.False(sent["metadata.presence_sent"].GetBoolean());

        var events = new Dictionary<string, JsonElement>(); // they are posted side by side, and may come in any order
        while (events.Count < 3)
        {
            var @event = await server.Receiver.Next(device, "message.sent", "message.delivered", "message.read");
            events[@event.GetProperty("event").GetString()!] = @event;
        }

        var told = events["message.sent"];
        Assert.Equal(sent.Text("message_id"), told.GetProperty("data").GetProperty("message_id").GetString());
        Assert.StartsWith("sha256=", told.GetProperty("signature").GetString(), StringComparison.Ordinal);
        Assert.Equal("read", (await tenant.Get($"/messages/{sent.Text("message_id")}/status")).Text("status"));
        var detail = await tenant.Get($"/messages/{sent.Text("message_id")}");
        Assert.Equal(
            ["accepted", "claimed", "sent", "delivered", "read"], detail["timeline"].EnumerateArray().Select(t => t.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task A_device_is_paired_by_code_disconnected_connected_logged_out_and_removed()
    {
        var tenant = await server.NewTenant();
        var device = await server.NewDevice(tenant);
        Assert.True((await tenant.Post("/connect"))["data.needs_qr"].GetBoolean());

        var number = server.NewNumber();
        await server.Client.Post("/simulator/phones", new { number });
        var code = await tenant.Post("/paircode", new { phone = $"+{number}", device_id = device, reuse_cache = false });
        Assert.Matches("^[A-Z0-9]{4}-[A-Z0-9]{4}$", code.Is(HttpStatusCode.OK).Text("data.code"));
        Assert.InRange(code["data.expires_in"].GetInt32(), 290, 300);
        (await server.Client.Post($"/simulator/phones/{number}/pair", new { code = code.Text("data.code") })).Is(HttpStatusCode.OK);
        await server.Receiver.Next(device, "device.connected");

        Assert.Equal("Device disconnected", (await tenant.Delete($"/devices/{device}")).Is(HttpStatusCode.OK).Text("message"));
        var status = await tenant.Get("/status");
        Assert.Equal(("disconnected", true), (status.Text("data.status"), status["data.is_logged_in"].GetBoolean()));
        (await tenant.Post("/send/text", new { number = server.NewNumber(), text = "hi" })).IsError(HttpStatusCode.ServiceUnavailable, "DEVICE_NOT_READY");

        Assert.False((await tenant.Post("/connect")).Is(HttpStatusCode.OK)["data.needs_qr"].GetBoolean());
        (await tenant.Post("/send/text", new { number = server.NewNumber(), text = "hi", typingDuration = 0 })).Is(HttpStatusCode.OK);
        (await tenant.Post("/logout")).Is(HttpStatusCode.OK);
        Assert.Equal("logged_out", (await tenant.Get("/status")).Text("data.status"));

        Assert.Equal("Device removed", (await tenant.Delete($"/devices/{device}?purge=true")).Is(HttpStatusCode.OK).Text("message"));
        (await tenant.Get($"/status?device_id={device}")).IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND");
        Assert.Empty((await tenant.Get("/devices"))["devices"].EnumerateArray());
        (await tenant.Post("/send/text", new { number = server.NewNumber(), text = "hi" })).IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND");
    }

    [Fact]
    public async Task A_number_that_is_not_on_WhatsApp_is_422_with_the_reason()
    {
        var tenant = await server.NewTenant();
        await server.NewConnectedDevice(tenant);
        var recipient = server.NewNumber();
        await server.Client.Post("/simulator/phones", new { number = recipient });
        (await server.Client.Send(HttpMethod.Put, $"/simulator/phones/{recipient}/state", ApiClient.Json("""{"registered":false}"""))).Is(HttpStatusCode.OK);

        var reply = await tenant.Post("/send/text", new { number = recipient, text = "anybody there?", typingDuration = 0 });

        reply.IsError(HttpStatusCode.UnprocessableEntity, "SEND_FAILED");
        Assert.Equal("recipient", reply.Text("failure.class"));
        Assert.Equal("failed", (await tenant.Get($"/messages/{reply.Text("message_id")}/status")).Text("status"));
    }

    [Fact]
    public async Task Tenants_do_not_see_each_other()
    {
        var one = await server.NewTenant();
        var other = await server.NewTenant();
        var (device, _) = await server.NewConnectedDevice(one);
        var sent = (await one.Post("/send/text", new { number = server.NewNumber(), text = "hi", typingDuration = 0 })).Is(HttpStatusCode.OK);

        (await other.Get($"/messages/{sent.Text("message_id")}")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
        (await other.Get($"/status?device_id={device}")).IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND");
        (await other.Delete($"/devices/{device}?purge=true")).IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND");
        (await other.Post($"/send/text?device_id={device}", new { number = server.NewNumber(), text = "hi" })).IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND");
        Assert.Empty((await other.Get("/devices"))["devices"].EnumerateArray());
        (await one.Get($"/status?device_id={device}")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_must_be_unique_is_409_in_the_database_too()
    {
        var registration = new { tenant_name = "Only one", email = "only@example.com", password = "correct horse" };
        var first = await server.Master.Post("/register", registration);
        var admin = server.Client.As(first.Is(HttpStatusCode.Created).Text("token"));

        (await server.Master.Post("/register", registration)).IsError(HttpStatusCode.Conflict, "TENANT_EXISTS");
        (await admin.Post("/users", new { email = "ONLY@example.com", password = "correct horse" })).IsError(HttpStatusCode.Conflict, "USER_EXISTS");
        Assert.Contains("Only one", (await server.Master.Get("/tenants"))["tenants"].EnumerateArray().Select(t => t.GetProperty("name").GetString()));
    }
}

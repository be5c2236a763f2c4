using System.Net;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Webhooks;
using Wuts.Storage;

namespace Wuts.Api.Tests.Scripted;

public sealed class DeviceTests(ScriptedFixture fixture) : IClassFixture<ScriptedFixture>
{
    private readonly ApiClient _admin = fixture.FrontEnd.As(FrontEnd.Admin);

    [Fact]
    public async Task Creating_answers_all_shapes_that_the_contract_documents()
    {
        var reply = await _admin.Post("/devices", new { name = "  Front desk " });

        reply.Is(HttpStatusCode.Created);
        Assert.Equal(["success", "device", "message", "data"], reply.Names());
        Assert.Equal(["id", "user_id", "name", "connected", "status", "created_at", "updated_at"], reply.Names("device"));
        Assert.Equal(["device_id", "name"], reply.Names("data"));
        Assert.Equal(("admin", "Front desk", "disconnected"), (reply.Text("device.user_id"), reply.Text("device.name"), reply.Text("device.status")));
        Assert.Equal((reply.Text("device.id"), "Device created successfully"), (reply.Text("data.device_id"), reply.Text("message")));
        Assert.False(reply["device.connected"].GetBoolean());
        var stored = await fixture.FrontEnd.Service<IDeviceStore>().FindAsync(new("acme", reply.Text("device.id")));
        Assert.Equal("simulator", stored!.Transport);
    }

    [Theory]
    [InlineData("{}", "required")]
    [InlineData("""{"name":""}""", "between 1 and 100")]
    [InlineData("""{"name":"  "}""", "not blank")]
    [InlineData("""{"name":["a"]}""", "must be a string")]
    public async Task A_device_needs_a_name(string json, string message) =>
        Assert.Contains(message, (await _admin.Post("/devices", json)).IsInvalid("name"), StringComparison.Ordinal);

    [Fact]
    public async Task A_name_has_at_most_100_characters() =>
        (await _admin.Post("/devices", new { name = new string('x', 101) })).IsInvalid("name");

    [Fact]
    public async Task The_first_device_of_a_user_gets_the_webhook_that_waits_for_it_with_all_events()
    {
        var user = await _admin.Post("/users", new { email = "hook@example.com", password = "correct horse", webhook_url = "https://example.com/hook" });
        var client = fixture.FrontEnd.As(user.Is(HttpStatusCode.Created).Text("user.token"));

        var first = await client.Post("/devices", new { name = "first" });
        var second = await client.Post("/devices", new { name = "second" });

        Assert.Equal("https://example.com/hook", first.Text("device.webhook_url"));
        Assert.False(second["device"].TryGetProperty("webhook_url", out _));
        var listed = (await client.Get("/devices"))["devices"].EnumerateArray().ToArray();
        Assert.Equal("https://example.com/hook", listed.Single(d => d.GetProperty("name").GetString() == "first").GetProperty("webhook_url").GetString());
        var webhook = await client.Get($"/webhook?device_id={first.Text("device.id")}");
        Assert.Equal(WebhookEvents.All.Length, webhook.Is(HttpStatusCode.OK)["webhook.enabled_events"].GetArrayLength());
    }
}

using System.Net;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Webhooks;
using Wuts.Storage;

namespace Wuts.Api.Tests.Scripted;

public sealed class WebhookTests : IAsyncLifetime
{
    private const string Minimal = """{"webhook_url":"https://example.com/hook","enabled_events":["message.sent"]}""";

    private FrontEnd _frontEnd = null!;
    private ApiClient _user = null!;

    public static TheoryData<string, string, string> Refused => new()
    {
        { "webhook_url", "null", "required" },
        { "webhook_url", "\"http://example.com\"", "https" },
        { "webhook_url", "\"https://10.0.0.1/\"", "private" },
        { "webhook_url", "\"https://user:secret@example.com/\"", "user or password" },
        { "enabled_events", "null", "required" },
        { "enabled_events", "[]", "at least one" },
        { "enabled_events", "\"message.sent\"", "list of strings" },
        { "enabled_events[1]", "[\"message.sent\",\"message.invented\"]", "GET /webhook/events" },
        { "enabled_events[0]", "[7]", "must be a string" },
        { "enabled", "\"yes\"", "true or false" },
        { "retry_attempts", "-1", "between 0 and 20" },
        { "retry_attempts", "21", "between 0 and 20" },
        { "timeout", "0", "between 1 and 30" },
        { "timeout", "31", "between 1 and 30" },
        { "secret", "\"whsec_short\"", "base64" },
        { "secret", "7", "must be a string" },
        { "headers", "[]", "must be an object" },
        { "headers", "{\"Host\":\"evil\"}", "Host" },
        { "headers", "{\"X-A\":\"a\\r\\nb\"}", "X-A" },
        { "headers.X-A", "{\"X-A\":7}", "must be a string" },
    };

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync();
        _user = _frontEnd.As(FrontEnd.User);
        await _frontEnd.AddDevice("user", "device-1");
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Fact]
    public async Task A_webhook_is_configured_in_the_shape_of_the_contract_and_acts_at_once()
    {
        var reply = await _user.Post("/webhook", """
            {"webhook_url":"https://example.com/hook?a=b","enabled_events":["message.sent","message.read","message.sent"],"enabled":true,
             "retry_attempts":3,"timeout":10,"secret":"tenants secret","headers":{"X-Team":"a"}}
            """);

        reply.Is(HttpStatusCode.OK);
        Assert.Equal(["success", "message", "webhook"], reply.Names());
        Assert.Equal(
            ["id", "device_id", "webhook_url", "enabled_events", "enabled", "retry_attempts", "timeout", "headers", "has_secret", "created_at", "updated_at"],
            reply.Names("webhook"));
        Assert.Equal("Webhook configured successfully", reply.Text("message"));
        Assert.Equal(("https://example.com/hook?a=b", 3, 10), (reply.Text("webhook.webhook_url"), reply["webhook.retry_attempts"].GetInt32(), reply["webhook.timeout"].GetInt32()));
        Assert.Equal(["message.sent", "message.read"], reply["webhook.enabled_events"].EnumerateArray().Select(e => e.GetString()));
        Assert.Equal("a", reply.Text("webhook.headers.X-Team"));
        Assert.True(reply["webhook.has_secret"].GetBoolean());
        Assert.DoesNotContain("tenants secret", reply.Body.ToString(), StringComparison.Ordinal);
        Assert.Equal([$"acme/{reply.Text("webhook.id")}"], _frontEnd.Grains.Reloads);
        var stored = await Stored();
        Assert.Equal("tenants secret", _frontEnd.Service<ISecretProtector>().Unprotect(stored!.ProtectedSecret!));
        Assert.NotEqual("tenants secret", stored.ProtectedSecret);
    }

    [Fact]
    public async Task Defaults_are_enabled_30_seconds_and_the_standard_schedule()
    {
        var reply = await _user.Post("/webhook", Minimal);

        Assert.Equal(
            (true, 30, 9, false),
            (reply["webhook.enabled"].GetBoolean(), reply["webhook.timeout"].GetInt32(), reply["webhook.retry_attempts"].GetInt32(), reply["webhook.has_secret"].GetBoolean()));
        Assert.Null((await Stored())!.Retries);
    }

    [Fact]
    public async Task Configuring_again_replaces_the_whole_and_keeps_the_id()
    {
        var first = await _user.Post("/webhook", """{"webhook_url":"https://example.com/a","enabled_events":["*"],"secret":"s","timeout":5,"headers":{"X-A":"b"}}""");
        var second = await _user.Post("/webhook", Minimal);

        Assert.Equal(first.Text("webhook.id"), second.Text("webhook.id"));
        Assert.Equal(WebhookEvents.All.Length, first["webhook.enabled_events"].GetArrayLength());
        Assert.False(second["webhook.has_secret"].GetBoolean());
        Assert.Empty(second.Names("webhook.headers"));
        Assert.Equal(30, second["webhook.timeout"].GetInt32());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_bad_field_is_named(string field, string value, string message)
    {
        var fields = new Dictionary<string, string>
        {
            ["webhook_url"] = "\"https://example.com/hook\"", ["enabled_events"] = "[\"message.sent\"]", [field.Split('.', '[')[0]] = value,
        };
        var json = "{" + string.Join(",", fields.Select(f => $"\"{f.Key}\":{f.Value}")) + "}";

        var reply = await _user.Post("/webhook", json);

        Assert.Contains(message, reply.IsInvalid(field), StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_short", reply.Body.ToString(), StringComparison.Ordinal);
        Assert.Null(await Stored());
    }

    [Fact]
    public async Task A_webhook_is_read_removed_and_then_gone()
    {
        (await _user.Get("/webhook")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
        var id = (await _user.Post("/webhook", Minimal)).Text("webhook.id");
        var read = await _user.Get("/webhook");
        Assert.Equal(["success", "webhook"], read.Is(HttpStatusCode.OK).Names());
        Assert.Equal(id, read.Text("webhook.id"));

        Assert.Equal(["success", "message"], (await _user.Delete("/webhook")).Is(HttpStatusCode.OK).Names());

        Assert.Equal([$"acme/{id}", $"acme/{id}"], _frontEnd.Grains.Reloads);
        (await _user.Get("/webhook")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
        (await _user.Delete("/webhook")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
        (await _user.Get("/webhook/dead-letters")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task A_webhook_that_we_disabled_says_why()
    {
        var id = (await _user.Post("/webhook", Minimal)).Text("webhook.id");
        await _frontEnd.Service<IWebhookStore>().DisableAsync("acme", id, "410 Gone", Samples.T0);

        var reply = await _user.Get("/webhook");

        Assert.Equal((false, "410 Gone"), (reply["webhook.enabled"].GetBoolean(), reply.Text("webhook.disabled_reason")));
    }

    [Fact]
    public async Task The_names_of_events_are_listed()
    {
        var reply = await _user.Get("/webhook/events");

        Assert.Equal(["success", "events"], reply.Is(HttpStatusCode.OK).Names());
        Assert.Equal(WebhookEvents.All, reply["events"].EnumerateArray().Select(e => e.GetString()!));
    }

    [Fact]
    public async Task Dead_letters_are_listed_newest_first()
    {
        var id = (await _user.Post("/webhook", """{"webhook_url":"https://example.com/a","enabled_events":["*"]}""")).Text("webhook.id");
        var devices = _frontEnd.Service<IDeviceStore>();
        var device = (await devices.FindAsync(new("acme", "device-1")))!;
        await devices.SaveSessionAsync(device.Key, 0, device.Session, [new("device.connected", Samples.T0, "{}"), new("device.disconnected", Samples.T0, "{}")]);
        await _frontEnd.Service<IWebhookStore>().SaveProgressAsync(new("acme", id, 2,
        [
            new(1, 1, Samples.T0, new(WebhookVerdict.Failed, 500, "HTTP 500", TimeSpan.Zero), null),
            new(2, 1, Samples.T0, new(WebhookVerdict.Failed, null, "refused", TimeSpan.Zero), null),
        ]));

        var letters = (await _user.Get("/webhook/dead-letters")).Is(HttpStatusCode.OK)["dead_letters"].EnumerateArray().ToArray();

        Assert.Equal(["sequence", "event", "timestamp", "message_id", "attempts", "last_status", "last_error"], letters[0].EnumerateObject().Select(m => m.Name));
        Assert.Equal(["device.disconnected", "device.connected"], letters.Select(l => l.GetProperty("event").GetString()));
        Assert.Equal("HTTP 500", letters[1].GetProperty("last_error").GetString());
        Assert.Single((await _user.Get("/webhook/dead-letters?limit=1"))["dead_letters"].EnumerateArray());
        (await _user.Get("/webhook/dead-letters?limit=0")).IsInvalid("limit");
        (await _user.Get("/webhook/dead-letters?limit=x")).IsInvalid("limit");
    }

    private Task<WebhookEndpoint?> Stored() => _frontEnd.Service<IWebhookStore>().FindByDeviceAsync("acme", "device-1");
}

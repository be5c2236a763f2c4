using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator;

namespace Wuts.Transports.Tests.Simulator;

public sealed class ControlApiTests : IAsyncLifetime
{
    private static readonly DeviceKey Device = new("acme", "d1");
    private ControlApi _api = null!;

    public async Task InitializeAsync() => _api = await ControlApi.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task A_demonstration_goes_through_over_http()
    {
        var transport = _api.Services.GetRequiredService<IDeviceTransport>();
        Assert.Equal("simulator", transport.Name);
        Assert.Equal(201, (await _api.CallAsync("POST", "phones", """{"number":"+55 11 99999-0001"}""")).Status);
        Assert.Equal(200, (await _api.CallAsync("POST", "phones", """{"number":"5511999990001"}""")).Status);
        await _api.CallAsync("PUT", "faults", """{"latency_ms":{"min":0,"max":0},"receipt_latency_ms":{"min":0,"max":0}}""");

        var ticket = await transport.RequestQrAsync(Device, default);
        var (status, paired) = await _api.CallAsync("POST", "phones/5511999990001/scan", $$"""{"qr_code":"{{ticket.Code}}"}""");
        Assert.Equal((200, "acme/d1"), (status, paired.GetProperty("device").GetString()));
        await _api.Sink.NextAsync<DeviceEvent.Paired>();

        await transport.SendAsync(Device, new OutboundMessage("3EB0AB", Jid.User("5511999990002"), new TextContent("olá", [])), default);
        await _api.Sink.NextAsync<DeviceEvent.Receipt>();
        var (_, phone) = await _api.CallAsync("GET", "phones/5511999990002");
        var message = Assert.Single(phone.GetProperty("phone").GetProperty("messages").EnumerateArray());
        Assert.Equal(("3EB0AB", "olá"), (message.GetProperty("id").GetString(), message.GetProperty("text").GetString()));

        var (written, answer) = await _api.CallAsync("POST", "phones/5511999990002/messages", """{"to":"5511999990001","text":"oi"}""");
        Assert.Equal((201, 1), (written, answer.GetProperty("devices").GetInt32()));
        Assert.Equal("oi", (await _api.Sink.NextAsync<DeviceEvent.MessageReceived>()).Message.Text);

        Assert.Equal(200, (await _api.CallAsync("POST", "phones/5511999990001/unlink", """{"device":"acme/d1"}""")).Status);
        await _api.Sink.NextAsync<DeviceEvent.LoggedOut>();
    }

    [Fact]
    public async Task A_pair_code_may_be_typed_without_its_dash_and_in_lower_case()
    {
        var transport = _api.Services.GetRequiredService<IDeviceTransport>();
        var ticket = await transport.RequestPairCodeAsync(Device, "5511999990001", default);
        var typed = ticket.Code.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

        var (status, refused) = await _api.CallAsync("POST", "phones/5511999990002/pair", $$"""{"code":"{{typed}}"}""");
        Assert.Equal((409, "PAIRING_CODE_FOR_OTHER_NUMBER"), (status, refused.GetProperty("error_code").GetString()));
        Assert.Equal(200, (await _api.CallAsync("POST", "phones/5511999990001/pair", $$"""{"code":"{{typed}}"}""")).Status);
    }

    [Fact]
    public async Task Only_the_fields_that_are_given_change_a_phone()
    {
        await _api.CallAsync("PUT", "phones/5511999990001/state", """{"reads":false,"blocks":["+55 11 99999-0002"]}""");
        var (_, body) = await _api.CallAsync("PUT", "phones/5511999990001/state", """{"online":false}""");

        var state = body.GetProperty("phone").GetProperty("state");
        Assert.False(state.GetProperty("online").GetBoolean());
        Assert.False(state.GetProperty("reads").GetBoolean());
        Assert.Equal("5511999990002", Assert.Single(state.GetProperty("blocks").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Phones_are_listed_a_page_at_a_time()
    {
        foreach (var number in (string[])["5511999990003", "5511999990001", "5511999990002"])
        {
            await _api.CallAsync("POST", "phones", $$"""{"number":"{{number}}"}""");
        }

        var (_, first) = await _api.CallAsync("GET", "phones?limit=2");
        var (_, second) = await _api.CallAsync("GET", $"phones?limit=2&after={first.GetProperty("next").GetString()}");
        Assert.Equal(["5511999990001", "5511999990002"], Numbers(first));
        Assert.Equal(["5511999990003"], Numbers(second));
    }

    [Fact]
    public async Task Faults_change_at_once_and_only_as_far_as_they_are_given()
    {
        var (status, body) = await _api.CallAsync("PUT", "faults", """{"drop_rate":0.25,"latency_ms":{"min":1,"max":2}}""");

        var faults = body.GetProperty("faults");
        Assert.Equal((200, 0.25, 2), (status, faults.GetProperty("drop_rate").GetDouble(), faults.GetProperty("latency_ms").GetProperty("max").GetInt32()));
        Assert.Equal(2000, faults.GetProperty("read_latency_ms").GetProperty("max").GetInt32());
        Assert.Equal(faults.ToString(), (await _api.CallAsync("GET", "faults")).Body.GetProperty("faults").ToString());
    }

    [Theory]
    [InlineData("PUT", "faults", """{"error_rate":1.5}""", "error_rate", "must be 0 to 1")]
    [InlineData("PUT", "faults", """{"latency_ms":{"min":9,"max":2}}""", "latency_ms.max", "must not be less than latency_ms.min, which is 9")]
    [InlineData("PUT", "faults", """{"send_timeout_ms":0}""", "send_timeout_ms", "must be 1 to 600000 milliseconds")]
    [InlineData("PUT", "faults", """{"eror_rate":1}""", "eror_rate", "is not a field of this request")]
    [InlineData("PUT", "faults", """{"drop_rate":"often"}""", "drop_rate", "has a value of the wrong type")]
    [InlineData("PUT", "faults", """{"drop_rate":""", "drop_rate", "is not valid JSON")]
    [InlineData("PUT", "faults", "", "body", "is not valid JSON")]
    [InlineData("PUT", "faults", "null", "body", "must be a JSON object")]
    [InlineData("POST", "phones", "{}", "number", "must be 10 to 15 digits")]
    [InlineData("POST", "phones", """{"number":"12"}""", "number", "must be 10 to 15 digits")]
    [InlineData("POST", "phones/5511999990001/scan", "{}", "qr_code", "is required")]
    [InlineData("POST", "phones/5511999990001/pair", """{"code":"123"}""", "code", "must be 8 characters")]
    [InlineData("POST", "phones/5511999990001/messages", """{"to":"5511999990002","text":""}""", "text", "must be 1 to 4096 characters")]
    [InlineData("POST", "phones/5511999990001/messages", """{"to":"me","text":"x"}""", "to", "must be 10 to 15 digits")]
    [InlineData("POST", "phones/me/messages", """{"to":"5511999990002","text":"x"}""", "number", "must be 10 to 15 digits")]
    [InlineData("PUT", "phones/5511999990001/state", """{"blocks":["5511999990002","x"]}""", "blocks[1]", "must be 10 to 15 digits")]
    [InlineData("PUT", "phones/me/state", "{}", "number", "must be 10 to 15 digits")]
    [InlineData("PUT", "phones/5511999990001/state", """{"reactions":[{"does":"block","after":-1}]}""", "reactions[0].after", "must be 0 to 1000 messages")]
    [InlineData("PUT", "phones/5511999990001/state", """{"reactions":[{"does":"reply"}]}""", "reactions[0].text", "must be 1 to 4096 characters")]
    [InlineData("PUT", "phones/5511999990001/state", """{"reactions":[{"does":"report","text":"x"}]}""", "reactions[0].text", "belongs to a reply only")]
    [InlineData("PUT", "phones/5511999990001/state", """{"reactions":[null]}""", "reactions[0]", "must be an object")]
    [InlineData("PUT", "phones/5511999990001/state", """{"reactions":[{"does":"shout"}]}""", "reactions[0].does", "has a value of the wrong type")]
    [InlineData("PUT", "phones/5511999990001/state", """{"reactions":[{"after":1}]}""", "reactions[0]", "lacks a required field")]
    [InlineData("PUT", "phones/5511999990001/state", """{"new_chat_cap":-1}""", "new_chat_cap", "must be 0 (any number) to 1000000")]
    [InlineData("POST", "phones/5511999990001/report", "{}", "to", "must be 10 to 15 digits")]
    [InlineData("PUT", "faults", """{"block_rate":2}""", "block_rate", "must be 0 to 1")]
    [InlineData("PUT", "faults", """{"reply_text":""}""", "reply_text", "must be 1 to 4096 characters")]
    [InlineData("PUT", "faults", """{"max_per_second":-1}""", "max_per_second", "must be 0 for any number, or 0.001 to 1000")]
    [InlineData("PUT", "rules", """{"report_share":2}""", "report_share", "must be 0 to 1")]
    [InlineData("PUT", "rules", """{"ban_minutes":0}""", "ban_minutes", "must be 1 to 525600 minutes")]
    [InlineData("PUT", "rules", """{"ban":true}""", "ban", "is not a field of this request")]
    [InlineData("PUT", "webhooks/demo", """{"status":99}""", "status", "must be 200 to 599")]
    [InlineData("PUT", "webhooks/demo", """{"delay_ms":-1}""", "delay_ms", "must be 0 to 120000")]
    [InlineData("PUT", "webhooks/d%20emo", "{}", "name", "must be 1 to 64 letters")]
    [InlineData("GET", "log?limit=0", null, "limit", "must be 1 to 1000")]
    [InlineData("GET", "log?after=-1", null, "after", "must not be negative")]
    [InlineData("GET", "log?kind=nonsense", null, "kind", "is no kind of line in the log")]
    [InlineData("GET", "log?after=abc", null, "query", "has a value of the wrong type")]
    [InlineData("GET", "phones?limit=x", null, "query", "has a value of the wrong type")]
    public async Task Bad_input_is_answered_in_the_envelope_with_its_field(string method, string path, string? json, string field, string message)
    {
        var (status, body) = await _api.CallAsync(method, path, json);

        Assert.Equal((400, false, "VALIDATION_ERROR"), (
            status, body.GetProperty("success").GetBoolean(), body.GetProperty("error_code").GetString()));
        var error = body.GetProperty("validation")[0];
        Assert.Equal(field, error.GetProperty("field").GetString());
        Assert.StartsWith(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("Z", body.GetProperty("timestamp").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "phones/5511999990009", null, 404, "PHONE_NOT_FOUND")]
    [InlineData("POST", "phones/5511999990009/scan", """{"qr_code":"x"}""", 404, "PAIRING_CODE_UNKNOWN")]
    [InlineData("POST", "phones/5511999990009/unlink", """{"device":"a/b"}""", 404, "PHONE_NOT_FOUND")]
    public async Task What_is_not_there_is_said_so(string method, string path, string? json, int expected, string code)
    {
        var (status, body) = await _api.CallAsync(method, path, json);
        Assert.Equal((expected, code), (status, body.GetProperty("error_code").GetString()));
    }

    [Fact]
    public async Task A_body_is_read_whatever_its_content_type_says()
    {
        using var body = new StringContent("""{"number":"5511999990001"}""", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await _api.Http.PostAsync(new Uri("/simulator/phones", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task A_wrong_argument_is_in_the_envelope_in_development_too()
    {
        await using var development = await ControlApi.StartAsync("Development");
        Assert.Equal((400, "VALIDATION_ERROR"), Code(await development.CallAsync("GET", "log?after=abc")));
    }

    [Fact]
    public async Task The_log_is_read_by_pages_and_kinds_with_names_in_snake_case()
    {
        await _api.CallAsync("POST", "phones", """{"number":"5511999990001"}""");
        var (_, body) = await _api.CallAsync("GET", "log?kind=phone_created");

        var line = Assert.Single(body.GetProperty("entries").EnumerateArray());
        Assert.Equal(("phone_created", "5511999990001", 2), (
            line.GetProperty("kind").GetString(), line.GetProperty("from").GetString(), line.GetProperty("seq").GetInt32()));
        Assert.Equal(2, body.GetProperty("last_seq").GetInt32());
        Assert.Empty((await _api.CallAsync("GET", "log?after=2")).Body.GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task The_rules_are_published_and_change_only_as_far_as_they_are_given()
    {
        var (status, body) = await _api.CallAsync("PUT", "rules", """{"bans":true,"strangers_per_day":5}""");

        var rules = body.GetProperty("rules");
        Assert.Equal((200, true, 5, 14), (
            status, rules.GetProperty("bans").GetBoolean(), rules.GetProperty("strangers_per_day").GetInt32(), rules.GetProperty("young_days").GetInt32()));
        Assert.Equal((0.02, 0.05, 24), (
            body.GetProperty("quality").GetProperty("yellow_share").GetDouble(),
            body.GetProperty("quality").GetProperty("red_share").GetDouble(),
            body.GetProperty("quality").GetProperty("hours").GetInt32()));
        Assert.Equal(body.ToString(), (await _api.CallAsync("GET", "rules")).Body.ToString());
        Assert.Equal(5, (await _api.CallAsync("GET", "log?kind=rules_changed")).Body.GetProperty("entries")[0].GetProperty("rules").GetProperty("strangers_per_day").GetInt32());
    }

    [Fact]
    public async Task What_people_do_and_how_a_number_stands_is_set_and_seen_over_http()
    {
        var (_, set) = await _api.CallAsync(
            "PUT", "phones/5511999990002/state", """{"reactions":[{"does":"reply","after":2,"text":"STOP"},{"does":"block","after":0}]}""");
        var reactions = set.GetProperty("phone").GetProperty("state").GetProperty("reactions");
        Assert.Equal(("reply", "STOP", 0), (
            reactions[0].GetProperty("does").GetString(), reactions[0].GetProperty("text").GetString(), reactions[1].GetProperty("after").GetInt32()));

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(200, (await _api.CallAsync("POST", $"phones/551199999000{i}/report", """{"to":"5511999990002"}""")).Status);
        }

        var standing = (await _api.CallAsync("GET", "phones/5511999990002")).Body.GetProperty("phone").GetProperty("standing");
        Assert.Equal(("yellow", 2), (standing.GetProperty("rating").GetString(), standing.GetProperty("reports").GetInt32()));
        var line = (await _api.CallAsync("GET", "log?kind=quality_changed")).Body.GetProperty("entries")[0];
        Assert.Equal(("5511999990002", "yellow"), (line.GetProperty("from").GetString(), line.GetProperty("rating").GetString()));
    }

    [Fact]
    public async Task The_host_refuses_rules_out_of_range_by_the_name_of_the_setting()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => ControlApi.StartAsync(settings: ("Wuts:Simulator:Rules:BanMinutes", "0")));
        Assert.Contains("Wuts:Simulator:Rules ban_minutes must be 1 to 525600 minutes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_refuses_faults_out_of_range_by_the_name_of_the_setting()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => ControlApi.StartAsync(settings: ("Wuts:Simulator:Faults:DropRate", "2")));
        Assert.Contains("Wuts:Simulator:Faults drop_rate must be 0 to 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_the_simulator_has_no_network_and_no_control_api()
    {
        await using var without = await ControlApi.StartAsync(settings: ("Wuts:Simulator:Enabled", "false"));

        Assert.Null(without.Services.GetService<SimulatedNetwork>());
        using var response = await without.Http.GetAsync(new Uri("/simulator/faults", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static (int Status, string? Code) Code((int Status, JsonElement Body) answer) =>
        (answer.Status, answer.Body.GetProperty("error_code").GetString());

    private static IEnumerable<string?> Numbers(JsonElement body) =>
        body.GetProperty("phones").EnumerateArray().Select(p => p.GetProperty("number").GetString());
}

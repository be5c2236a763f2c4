using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Storage;

namespace Wuts.Api.Tests.Scripted;

public sealed class ConsentTests : IAsyncLifetime
{
    private FrontEnd _front = null!;
    private ApiClient _user = null!;

    public async Task InitializeAsync()
    {
        _front = await FrontEnd.StartAsync();
        _user = _front.As(FrontEnd.User);
    }

    public async Task DisposeAsync() => await _front.DisposeAsync();

    [Fact]
    public async Task What_a_user_notes_its_tenant_reads_and_no_other()
    {
        var put = await _user.Put("/consents/+55 (11) 99999-0001", new { state = "opted_out", note = "by phone" });

        Assert.Equal(
            ["number", "chat_jid", "state", "at", "since", "source", "device_id", "note"], put.Is(HttpStatusCode.OK).Names("consent"));
        foreach (var path in new[] { "/consents/5511999990001", "/consents/5511999990001@s.whatsapp.net" })
        {
            var reply = (await _front.As(FrontEnd.Manager).Get(path)).Is(HttpStatusCode.OK);
            Assert.Equal(
                ("5511999990001", "opted_out", "api", "by phone"),
                (reply.Text("consent.number"), reply.Text("consent.state"), reply.Text("consent.source"), reply.Text("consent.note")));
        }

        (await _front.As(FrontEnd.Stranger).Get("/consents/5511999990001")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
        Assert.Empty((await _front.As(FrontEnd.Stranger).Get("/consents")).Is(HttpStatusCode.OK)["consents"].EnumerateArray());
        (await _front.As(FrontEnd.Stranger).Delete("/consents/5511999990001?force=true")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
        (await _front.As(null).Get("/consents")).IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Theory]
    [InlineData("123")]
    [InlineData("120363041234567890@g.us")]
    [InlineData("somebody@example.com")]
    public async Task Consent_is_a_persons(string number)
    {
        (await _user.Get($"/consents/{number}")).IsInvalid("number");
        (await _user.Put($"/consents/{number}", new { state = "opted_in" })).IsInvalid("number");
        (await _user.Delete($"/consents/{number}")).IsInvalid("number");
    }

    [Fact]
    public async Task A_state_is_needed_and_one_of_two()
    {
        Assert.Contains("required", (await _user.Put("/consents/5511999990001", new { note = "x" })).IsInvalid("state"), StringComparison.Ordinal);
        Assert.Contains("opted_out or opted_in", (await _user.Put("/consents/5511999990001", new { state = "out" })).IsInvalid("state"), StringComparison.Ordinal);
        (await _user.Put("/consents/5511999990001", new { state = "opted_in", note = new string('x', 501) })).IsInvalid("note");
        (await _user.Get("/consents/5511999990001")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task An_opt_out_is_not_forgotten_by_accident()
    {
        await _user.Put("/consents/5511999990001", new { state = "opted_out" });

        (await _user.Delete("/consents/5511999990001")).IsError(HttpStatusCode.Conflict, "OPTED_OUT");
        (await _user.Delete("/consents/5511999990001?force=perhaps")).IsInvalid("force");
        (await _user.Delete("/consents/5511999990001?force=true")).Is(HttpStatusCode.OK);
        (await _user.Delete("/consents/5511999990001?force=true")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task Devices_that_have_something_for_who_opts_out_are_told_and_one_that_fails_does_not_matter()
    {
        var key = new DeviceKey("acme", await _front.AddDevice("user", "waiting"));
        await _front.AddDevice("user", "idle");
        var envelope = Samples.Queued(key, CommandTo(Samples.Chat)).Envelope;
        await _front.Service<IMessageStore>().WriteAsync(Message.Accept(envelope, 1, claim: false), fenced: false);
        _front.Grains.HearOfOptOut = () => throw new TimeoutException();

        (await _user.Put($"/consents/{Samples.Number}", new { state = "opted_in" })).Is(HttpStatusCode.OK);
        Assert.Empty(_front.Grains.OptOuts);
        (await _user.Put($"/consents/{Samples.Number}", new { state = "opted_out" })).Is(HttpStatusCode.OK);

        Assert.Equal($"acme/waiting {Samples.Chat}", Assert.Single(_front.Grains.OptOuts));
    }

    [Fact]
    public async Task A_list_goes_page_by_page_and_may_be_of_one_state()
    {
        for (var i = 0; i < 3; i++)
        {
            await _user.Put($"/consents/551199999000{i}", new { state = i == 1 ? "opted_in" : "opted_out" });
        }

        var first = (await _user.Get("/consents?limit=2")).Is(HttpStatusCode.OK);
        Assert.Equal(["5511999990000", "5511999990001"], NumbersOf(first));
        var second = (await _user.Get($"/consents?limit=2&after={first.Text("next")}")).Is(HttpStatusCode.OK);
        Assert.Equal(["5511999990002"], NumbersOf(second));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second["next"].ValueKind);
        Assert.Equal(["5511999990001"], NumbersOf(await _user.Get("/consents?state=opted_in")));
        (await _user.Get("/consents?state=maybe")).IsInvalid("state");
        (await _user.Get("/consents?limit=0")).IsInvalid("limit");
    }

    [Fact]
    public async Task A_csv_that_was_exported_is_imported_again()
    {
        var csv = "number,state,at,note\r\n5511999990001,opted_out,2024-01-02T03:04:05Z,\"said \"\"no\"\",\r\nby phone\"\n\n+55 11 99999-0002,OPTED_IN,,\n";
        var manager = _front.As(FrontEnd.Manager);

        var imported = (await Import(manager, csv)).Is(HttpStatusCode.OK);
        Assert.Equal((2, 2), (imported["rows"].GetInt32(), imported["changed"].GetInt32()));
        var exported = await Export("/consents/export");
        Assert.Contains("5511999990001,opted_out,2024-01-02T03:04:05.000000Z,2024-01-02T03:04:05.000000Z,import,,\"said \"\"no\"\",\r\nby phone\"\r\n", exported, StringComparison.Ordinal);
        Assert.Equal(0, (await Import(manager, exported)).Is(HttpStatusCode.OK)["changed"].GetInt32());

        var json = (await _user.Get("/consents/export?format=json&state=opted_out")).Is(HttpStatusCode.OK);
        Assert.Equal("5511999990001", Assert.Single(json.Body.EnumerateArray()).GetProperty("number").GetString());
        Assert.Empty((await _front.As(FrontEnd.Stranger).Get("/consents/export?format=json")).Is(HttpStatusCode.OK).Body.EnumerateArray());
        (await _user.Get("/consents/export?format=xml")).IsInvalid("format");
    }

    [Fact]
    public async Task Many_pages_are_exported_in_order()
    {
        var rows = Enumerable.Range(0, 2001).Select(i => new { number = $"55119{i:D8}", state = "opted_in" });
        (await _front.As(FrontEnd.Admin).Post("/consents/import", rows)).Is(HttpStatusCode.OK);

        var lines = (await Export("/consents/export")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).ToArray();

        Assert.Equal(2001, lines.Length);
        Assert.Equal(lines.Order(StringComparer.Ordinal), lines);
        Assert.Equal(2001, (await _user.Get("/consents/export?format=json")).Is(HttpStatusCode.OK).Body.GetArrayLength());
    }

    [Fact]
    public async Task Errors_of_an_import_name_their_rows_and_nothing_of_it_is_stored()
    {
        var reply = await _front.As(FrontEnd.Admin).Post(
            "/consents/import",
            """
            [{"number":"5511999990001","state":"opted_out"},{"number":"12","state":"out","at":"tomorrow"},7,{"number":"5511999990003","state":"opted_in","at":"2999-01-01T00:00:00Z"},
             {"number":5511999990004,"state":"opted_in"}]
            """);

        foreach (var field in new[] { "rows[2].number", "rows[2].state", "rows[2].at", "rows[3]", "rows[4].at", "rows[5].number" })
        {
            reply.IsInvalid(field);
        }

        (await Import(_front.As(FrontEnd.Admin), "number,state\n5511999990001,opted_out\n5511999990002,maybe\n")).IsInvalid("rows[2].state");
        Assert.Empty(NumbersOf(await _user.Get("/consents")));
    }

    [Theory]
    [InlineData("", "header")]
    [InlineData("phone,state\n5511999990001,opted_out", "header")]
    [InlineData("number;state\n5511999990001;opted_out", "header")]
    public async Task A_csv_needs_its_columns(string csv, string field) => (await Import(_front.As(FrontEnd.Admin), csv)).IsInvalid(field);

    [Fact]
    public async Task What_is_no_csv_or_too_much_is_refused()
    {
        (await Import(_front.As(FrontEnd.Admin), "number,state\n\"5511999990001,opted_out")).IsError(HttpStatusCode.BadRequest, "VALIDATION_ERROR");
        (await Import(_front.As(FrontEnd.Admin), "number,state\n" + string.Concat(Enumerable.Repeat("5511999990001,opted_out\n", 10_001)))).IsInvalid("rows");
        (await _front.As(FrontEnd.Admin).Post("/consents/import", "{}")).IsError(HttpStatusCode.BadRequest, "VALIDATION_ERROR");
        (await Import(_front.As(FrontEnd.Admin), new string(' ', 1024 * 1024 + 1))).IsError(HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE");
        (await Import(_user, "number,state\n5511999990001,opted_out")).IsError(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Fact]
    public async Task Rules_are_replaced_as_a_whole_by_managers()
    {
        var manager = _front.As(FrontEnd.Manager);
        var reply = (await manager.Put("/consents/policy", new
        {
            modes = new { marketing = "opt_in", utility = "opt_out" }, opt_out_keywords = (string[])["Chega!"], opt_out_confirmation = "Bye",
        })).Is(HttpStatusCode.OK);

        Assert.Equal(("opt_in", "opt_out"), (reply.Text("policy.modes.marketing"), reply.Text("policy.modes.authentication")));
        Assert.Equal(reply.Body.ToString(), (await _front.As(FrontEnd.Admin).Get("/consents/policy")).Is(HttpStatusCode.OK).Body.ToString());
        Assert.Equal("opt_out", (await _front.As(FrontEnd.Stranger).Get("/consents/policy")).Text("policy.modes.marketing"));
        Assert.Equal("opt_out", (await manager.Put("/consents/policy", "{}")).Is(HttpStatusCode.OK).Text("policy.modes.marketing"));
        (await _user.Get("/consents/policy")).IsError(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await _user.Put("/consents/policy", "{}")).IsError(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Theory]
    [InlineData("""{"modes":{"advertising":"opt_in"}}""", "modes.advertising")]
    [InlineData("""{"modes":{"marketing":"never"}}""", "modes.marketing")]
    [InlineData("""{"opt_out_keywords":["ok","🛑"]}""", "opt_out_keywords[1]")]
    [InlineData("""{"opt_in_confirmation":""}""", "opt_in_confirmation")]
    public async Task A_bad_rule_is_named(string json, string field) => (await _front.As(FrontEnd.Admin).Put("/consents/policy", json)).IsInvalid(field);

    [Theory]
    [InlineData(ConsentPolicy.OptedOutCode)]
    [InlineData(ConsentPolicy.NotOptedInCode)]
    public async Task A_send_to_who_may_not_be_written_to_is_422_with_its_message(string code)
    {
        await _front.AddDevice("user", "mine");
        var why = new Failure(code, FailureClass.Consent, false, "The recipient does not want it.");
        _front.Grains.Send = (device, command) => Samples.Answer(Message.Refuse(Samples.Queued(device, command).Envelope, 1, why).Message);

        var reply = (await _user.Post("/send/text", new { number = Samples.Number, text = "hello" })).IsError(HttpStatusCode.UnprocessableEntity, code);

        Assert.True(MessageId.IsWellFormed(reply.Text("message_id")));
        Assert.Equal(("consent", false), (reply.Text("failure.class"), reply["retryable"].GetBoolean()));
    }

    private static string[] NumbersOf(Reply reply) =>
        [.. reply.Is(HttpStatusCode.OK)["consents"].EnumerateArray().Select(consent => consent.GetProperty("number").GetString()!)];

    private static Task<Reply> Import(ApiClient client, string csv)
    {
        var content = new StringContent(csv, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv") { CharSet = "utf-8" };
        return client.Send(HttpMethod.Post, "/consents/import", content);
    }

    private async Task<string> Export(string path)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", FrontEnd.User);
        return await http.GetStringAsync(new Uri(_front.Client.Address, path));
    }

    private static SendCommand CommandTo(string chat) => new()
    {
        MessageId = MessageId.FromOperation("acme", "1"), UserId = "user", AnyDevice = false, ChatJid = chat, Content = new TextContent("hello", []),
        Fingerprint = "f", Delay = TimeSpan.Zero, Typing = TimeSpan.Zero, Hold = TimeSpan.Zero, Patience = TimeSpan.Zero, QueueWhenNotReady = false,
    };
}

using System.Net;
using System.Text.Json.Nodes;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Api.Tests.Scripted;

public sealed class SendTextValidationTests : IAsyncLifetime
{
    private FrontEnd _frontEnd = null!;
    private SendCommand? _command;

    public static TheoryData<string, string, string> Refused => new()
    {
        { "number", "null", "required" },
        { "number", "\"\"", "required" },
        { "number", "\"551199999\"", "10 to 15 digits" },
        { "number", "\"1234567890123456\"", "10 to 15 digits" },
        { "number", "\"0511999990001\"", "10 to 15 digits" },
        { "number", "\"55119999x0001\"", "10 to 15 digits" },
        { "number", "\"someone@example.com\"", "not a JID" },
        { "number", "5511999990001", "must be a string" },
        { "number", "[\"5511999990001\"]", "must be a string" },
        { "text", "null", "required" },
        { "text", "\"\"", "between 1 and 4096 characters" },
        { "text", "17", "must be a string" },
        { "text", "{\"a\":1}", "must be a string" },
        { "text", "\"\\ud800\"", "must be valid Unicode" },
        { "text", "\"a\\u0000b\"", "U+0000" },
        { "delay", "-1", "between 0 and 3600" },
        { "delay", "3601", "between 0 and 3600" },
        { "delay", "99999999999999999999", "between 0 and 3600" },
        { "delay", "1.5", "whole number" },
        { "delay", "1e2", "whole number" },
        { "delay", "\"5\"", "whole number" },
        { "delay", "true", "whole number" },
        { "typingDuration", "31", "between 0 and 30" },
        { "typingDuration", "-1", "between 0 and 30" },
        { "disablePresence", "\"yes\"", "true or false" },
        { "disablePresence", "1", "true or false" },
        { "quoted", "\"3EB0\"", "must be an object" },
        { "quoted.key", "{}", "required" },
        { "quoted.key.id", "{\"key\":{}}", "required" },
        { "quoted.key.fromMe", "{\"key\":{\"id\":\"3EB0\",\"fromMe\":\"no\"}}", "true or false" },
        { "quoted.message.conversation", "{\"key\":{\"id\":\"3EB0\"},\"message\":{\"conversation\":5}}", "must be a string" },
        { "mentioned", "\"5511999990002\"", "list of strings" },
        { "mentioned[1]", "[\"5511999990002\",7]", "must be a string" },
        { "mentioned[0]", "[\"120363000000000001@g.us\"]", "must be a user" },
        { "mentioned[0]", "[\"nobody\"]", "10 to 15 digits" },
        { "category", "\"promotion\"", "must be utility, authentication, service or marketing" },
        { "category", "\"3\"", "must be utility, authentication, service or marketing" },
        { "category", "3", "must be a string" },
        { "device_id", "5", "must be a string" },
    };

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync();
        await _frontEnd.AddDevice("user", "device-1");
        _frontEnd.Grains.Send = (device, command) =>
        {
            _command = command;
            return Samples.Answer(Samples.Sent(device, command));
        };
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_bad_field_is_named_with_what_is_wrong(string field, string value, string message)
    {
        var name = field.Split('.', '[')[0];
        var body = "{\"number\":\"5511999990001\",\"text\":\"hi\"}";
        var json = name is "number" or "text"
            ? body.Replace(name == "number" ? "\"5511999990001\"" : "\"hi\"", value, StringComparison.Ordinal)
            : body.Replace("}", $",\"{name}\":{value}}}", StringComparison.Ordinal);

        var reply = await _frontEnd.As(FrontEnd.User).Post("/send/text", json);

        Assert.Contains(message, reply.IsInvalid(field), StringComparison.Ordinal);
        Assert.Null(_command);
    }

    [Fact]
    public async Task All_faults_are_named_at_once_with_the_values_sent()
    {
        var reply = await _frontEnd.As(FrontEnd.User).Post("/send/text", new { number = "123", text = "", delay = -1, typingDuration = 31 });

        reply.IsError(HttpStatusCode.BadRequest, "VALIDATION_ERROR");
        var errors = reply.Body.GetProperty("validation").EnumerateArray().ToArray();
        Assert.Equal(["number", "text", "delay", "typingDuration"], errors.Select(e => e.GetProperty("field").GetString()));
        Assert.Equal(["\"123\"", "\"\"", "-1", "31"], errors.Select(e => e.GetProperty("value").GetRawText()));
    }

    [Fact]
    public async Task Text_is_counted_in_characters_so_that_an_emoji_is_one()
    {
        var most = string.Concat(Enumerable.Repeat("😀", TextContent.MaxLength));
        (await _frontEnd.As(FrontEnd.User).Post("/send/text", new { number = Samples.Number, text = most })).Is(HttpStatusCode.OK);
        Assert.Equal(most, Assert.IsType<TextContent>(_command!.Content).Text);

        var reply = await _frontEnd.As(FrontEnd.User).Post("/send/text", new { number = Samples.Number, text = most + "x" });
        Assert.Contains("4096", reply.IsInvalid("text"), StringComparison.Ordinal);
        Assert.True(reply.Body.GetProperty("validation")[0].GetProperty("value").GetString()!.Length < 100, "A rejected value is shortened.");
    }

    [Fact]
    public async Task Defaults_are_no_delay_and_3_seconds_of_typing()
    {
        (await _frontEnd.As(FrontEnd.User).Post("/send/text", new { number = "+55 (11) 99999-0001", text = "hi", unknown = new { a = 1 } })).Is(HttpStatusCode.OK);

        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(3)), (_command!.Delay, _command.Typing));
        Assert.Equal(Samples.Chat, _command.ChatJid);
        Assert.False(_command.AnyDevice);
        Assert.False(_command.QueueWhenNotReady);
        Assert.Equal(TimeSpan.FromSeconds(110), _command.Patience);
        Assert.Equal(TimeSpan.FromSeconds(20), _command.Hold);
        Assert.True(MessageId.IsWellFormed(_command.MessageId));
    }

    [Fact]
    public async Task Everything_that_is_sent_reaches_the_device()
    {
        var body = JsonNode.Parse("""
            {"number":"120363000000000001@g.us","text":"hi @5511999990002","delay":7,"typingDuration":9,"disablePresence":false,
             "quoted":{"key":{"id":"3EB0AA","fromMe":true},"message":{"conversation":"before"}},
             "mentioned":["+55 11 99999-0002","5511999990002@s.whatsapp.net","123456@lid"]}
            """)!;
        (await _frontEnd.As(FrontEnd.User).Post("/send/text", body.ToJsonString())).Is(HttpStatusCode.OK);

        var content = Assert.IsType<TextContent>(_command!.Content);
        Assert.Equal(["5511999990002@s.whatsapp.net", "123456@lid"], content.Mentioned.AsEnumerable());
        Assert.Equal(new QuotedMessage("3EB0AA", true, "before"), content.Quoted);
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(9)), (_command.Delay, _command.Typing));
        Assert.Equal("120363000000000001@g.us", _command.ChatJid);
    }

    [Theory]
    [InlineData("null", Category.Utility)]
    [InlineData("\"authentication\"", Category.Authentication)]
    [InlineData("\"Service\"", Category.Service)]
    [InlineData("\"marketing\"", Category.Marketing)]
    public async Task The_category_is_utility_unless_it_is_named(string value, Category category)
    {
        var content = ApiClient.Json($$"""{"number":"{{Samples.Number}}","text":"hi","category":{{value}}}""");

        (await _frontEnd.As(FrontEnd.User).Send(HttpMethod.Post, "/send/text", content)).Is(HttpStatusCode.OK);

        Assert.Equal(category, _command!.Category);
    }

    [Fact]
    public async Task Without_presence_nobody_types()
    {
        var reply = await _frontEnd.As(FrontEnd.User).Post("/send/text", new { number = Samples.Number, text = "hi", typingDuration = 9, disablePresence = true });

        Assert.Equal(TimeSpan.Zero, _command!.Typing);
        Assert.False(reply["metadata.presence_sent"].GetBoolean());
        Assert.Equal(0, reply["metadata.presence_duration_seconds"].GetInt32());
    }
}

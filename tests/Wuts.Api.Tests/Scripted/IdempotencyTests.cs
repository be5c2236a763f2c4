using System.Net;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Api.Tests.Scripted;

public sealed class IdempotencyTests : IAsyncLifetime
{
    private readonly List<SendCommand> _commands = [];
    private FrontEnd _frontEnd = null!;

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync();
        await _frontEnd.AddDevice("user", "device-1");
        _frontEnd.Grains.Send = (device, command) =>
        {
            _commands.Add(command);
            return Samples.Answer(Samples.Sent(device, command));
        };
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Theory]
    [InlineData("order-17")]
    [InlineData("\"order-17\"")]
    [InlineData("  order-17  ")]
    public async Task The_key_names_the_message_bare_or_quoted(string key)
    {
        await Send("""{"number":"5511999990001","text":"hi"}""", key);

        Assert.Equal(MessageId.FromIdempotencyKey("acme", "order-17"), Assert.Single(_commands).MessageId);
    }

    [Fact]
    public async Task A_quoted_key_may_hold_quotes_and_backslashes()
    {
        await Send("""{"number":"5511999990001","text":"hi"}""", """
            "a\"b\\c"
            """);

        Assert.Equal(MessageId.FromIdempotencyKey("acme", "a\"b\\c"), Assert.Single(_commands).MessageId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("\"open")]
    [InlineData("\"")]
    [InlineData("\"a\"b\"")]
    [InlineData("two words")]
    [InlineData("\"two words\"")]
    public async Task A_bad_key_is_a_field_error(string key) =>
        (await Send("""{"number":"5511999990001","text":"hi"}""", key)).IsInvalid("Idempotency-Key");

    [Fact]
    public async Task A_key_has_at_most_255_characters()
    {
        (await Send("""{"number":"5511999990001","text":"hi"}""", new string('k', 255))).Is(HttpStatusCode.OK);
        (await Send("""{"number":"5511999990001","text":"hi"}""", new string('k', 256))).IsInvalid("Idempotency-Key");
    }

    [Fact]
    public async Task Two_keys_in_one_request_are_refused() =>
        (await _frontEnd.As(FrontEnd.User).Post("/send/text", """{"number":"5511999990001","text":"hi"}""", ("Idempotency-Key", "a"), ("Idempotency-Key", "b")))
            .IsInvalid("Idempotency-Key");

    [Fact]
    public async Task Without_a_key_every_request_is_a_message_of_its_own()
    {
        await Send("""{"number":"5511999990001","text":"hi"}""", null);
        await Send("""{"number":"5511999990001","text":"hi"}""", null);

        Assert.Equal(2, _commands.Select(c => c.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task The_same_request_written_differently_is_the_same()
    {
        await Send("""{"number":"5511999990001","text":"héllo"}""", "k");
        await Send("""{ "text" : "h\u00e9llo", "number" : "+55 (11) 99999-0001", "other": 1 }""", "k");
        await Send("""{"number":"5511999990001@s.whatsapp.net","text":"héllo","delay":0,"typingDuration":3,"disablePresence":false,"mentioned":[]}""", "k");

        Assert.Single(_commands.Select(c => c.Fingerprint).Distinct());
    }

    [Fact]
    public async Task Every_part_of_a_request_makes_it_another()
    {
        string[] requests =
        [
            """{"number":"5511999990001","text":"hi"}""",
            """{"number":"5511999990002","text":"hi"}""",
            """{"number":"5511999990001","text":"hi "}""",
            """{"number":"5511999990001","text":"hi","delay":1}""",
            """{"number":"5511999990001","text":"hi","typingDuration":4}""",
            """{"number":"5511999990001","text":"hi","disablePresence":true}""",
            """{"number":"5511999990001","text":"hi","device_id":"device-1"}""",
            """{"number":"5511999990001","text":"hi","mentioned":["5511999990002"]}""",
            """{"number":"5511999990001","text":"hi","quoted":{"key":{"id":"A"}}}""",
            """{"number":"5511999990001","text":"hi","quoted":{"key":{"id":"A","fromMe":true}}}""",
            """{"number":"5511999990001","text":"hi","quoted":{"key":{"id":"A"},"message":{"conversation":""}}}""",
        ];
        foreach (var request in requests)
        {
            (await Send(request, "k")).Is(HttpStatusCode.OK);
        }

        Assert.Equal(requests.Length, _commands.Select(c => c.Fingerprint).Distinct().Count());
    }

    private Task<Reply> Send(string json, string? key) =>
        _frontEnd.As(FrontEnd.User).Post("/send/text", json, key is null ? [] : [("Idempotency-Key", key)]);
}

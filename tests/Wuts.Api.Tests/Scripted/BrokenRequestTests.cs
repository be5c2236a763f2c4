using System.Net;
using System.Net.Sockets;
using System.Text;
using Wuts.Api.Tests.Support;

namespace Wuts.Api.Tests.Scripted;

public sealed class BrokenRequestTests(ScriptedFixture fixture) : IClassFixture<ScriptedFixture>
{
    private readonly ApiClient _user = fixture.FrontEnd.As(FrontEnd.User);

    [Theory]
    [InlineData("{\"number\": ", "line 1, position 12")]
    [InlineData("{\n  \"number\": 1,\n  oops\n}", "line 3, position 3")]
    [InlineData("{\"delay\": NaN}", "line 1, position 11")]
    [InlineData("{\"delay\": 01}", "line 1")]
    [InlineData("{\"text\": \"a\", \"text\": \"b\"}", "text")]
    [InlineData("{} {}", "line 1, position 4")]
    [InlineData("{\"a\\ud800\": 1}", "Unicode")]
    public async Task Broken_JSON_is_named_with_its_position(string body, string hint) =>
        Assert.Contains(hint, (await _user.Post("/send/text", body)).IsError(HttpStatusCode.BadRequest, "INVALID_JSON").Text("error"), StringComparison.Ordinal);

    [Fact]
    public async Task JSON_that_is_nested_too_deep_is_broken() =>
        (await _user.Post("/send/text", new string('[', 100_000))).IsError(HttpStatusCode.BadRequest, "INVALID_JSON");

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_a_field_error()
    {
        using var content = new ByteArrayContent([.. "{\"number\":\"5511999990001\",\"text\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);
        Assert.Equal("must be valid Unicode", (await _user.Send(HttpMethod.Post, "/send/text", content)).IsInvalid("text"));
    }

    [Fact]
    public async Task A_missing_body_is_asked_for() =>
        (await _user.Send(HttpMethod.Post, "/send/text", null)).IsError(HttpStatusCode.BadRequest, "INVALID_JSON");

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("17")]
    public async Task A_body_that_is_no_object_is_refused(string body) =>
        (await _user.Post("/send/text", body)).IsError(HttpStatusCode.BadRequest, "VALIDATION_ERROR");

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Other_kinds_of_body_are_415(string type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        (await _user.Send(HttpMethod.Post, "/send/text", content)).IsError(HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/vnd.acme+json")]
    public async Task A_JSON_body_is_read_also_without_a_label_and_with_a_byte_order_mark(string? type)
    {
        using var content = new ByteArrayContent([.. "\uFEFF"u8, .. "{}"u8]);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        (await _user.Send(HttpMethod.Post, "/send/text", content)).IsInvalid("number");
    }

    [Fact]
    public async Task A_compressed_body_is_415()
    {
        using var content = ApiClient.Json("{}");
        content.Headers.ContentEncoding.Add("gzip");
        (await _user.Send(HttpMethod.Post, "/send/text", content)).IsError(HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_above_the_limit_is_413_whether_or_not_it_says_its_length(bool chunked)
    {
        var text = $"{{\"number\":\"5511999990001\",\"text\":\"{new string('x', 1024 * 1024)}\"}}";
        using HttpContent content = chunked ? new StreamContent(new Unseekable(Encoding.UTF8.GetBytes(text))) : ApiClient.Json(text);
        (await _user.Send(HttpMethod.Post, "/send/text", content)).IsError(HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE");
    }

    [Fact]
    public async Task Headers_of_2_MB_are_431_in_the_envelope() =>
        (await _user.Get("/devices", ("X-Large", new string('x', 2 * 1024 * 1024)))).IsError(HttpStatusCode.RequestHeaderFieldsTooLarge, "HEADERS_TOO_LARGE");

    [Fact]
    public async Task Headers_below_the_limit_are_fine() =>
        (await _user.Get("/devices", ("X-Large", new string('x', 900 * 1024)))).Is(HttpStatusCode.OK);

    [Theory]
    [InlineData("GET", "/nowhere")]
    [InlineData("POST", "/")]
    [InlineData("GET", "/send/text/more")]
    public async Task An_unknown_route_is_404_in_the_envelope(string method, string path) =>
        (await _user.Send(new(method), path, null)).IsError(HttpStatusCode.NotFound, "NOT_FOUND");

    [Fact]
    public async Task A_wrong_method_is_405_and_says_which_are_right()
    {
        var reply = await _user.Send(HttpMethod.Put, "/send/text", null);
        reply.IsError(HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED");
        Assert.Equal(["POST"], reply.Message.Content.Headers.Allow);
    }

    [Fact]
    public async Task Answers_are_neither_cached_nor_guessed_at()
    {
        var reply = await _user.Get("/devices");
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
        Assert.Null(reply.Header("Server"));
        Assert.NotNull(reply.Message.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task What_is_not_even_HTTP_ends_the_connection_and_not_the_server()
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(_user.Address.Host, _user.Address.Port);
            await socket.GetStream().WriteAsync("\0\0\0 nonsense\r\n\r\n"u8.ToArray());
            Assert.StartsWith("HTTP/1.1 400", await new StreamReader(socket.GetStream()).ReadToEndAsync(), StringComparison.Ordinal);
        }

        (await _user.Get("/devices")).Is(HttpStatusCode.OK);
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

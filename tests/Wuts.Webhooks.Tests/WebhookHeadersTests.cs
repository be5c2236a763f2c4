namespace Wuts.Webhooks.Tests;

public sealed class WebhookHeadersTests
{
    [Theory]
    [InlineData("Authorization", "Bearer abc")]
    [InlineData("X-Api-Key", "k")]
    [InlineData("Content-Type", "application/json")]
    [InlineData("X-Empty", "")]
    public void An_ordinary_header_may_be_sent(string name, string value) => Assert.Null(Error(name, value));

    [Theory]
    [InlineData("Host")]
    [InlineData("hOsT")]
    [InlineData("Content-Length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Authorization")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Upgrade")]
    [InlineData("Expect")]
    [InlineData("webhook-id")]
    [InlineData("Webhook-Signature")]
    [InlineData("webhook-anything")]
    public void Headers_of_the_connection_and_of_the_signature_are_ours(string name) => Assert.Equal($"must not set {name}", Error(name, "x"));

    [Theory]
    [InlineData("")]
    [InlineData("X Y")]
    [InlineData("X:Y")]
    [InlineData("X-Key\r\nX-Other")]
    [InlineData("Ключ")]
    public void A_name_is_a_token(string name) => Assert.Equal("must have names of 1 to 128 letters, digits and dashes", Error(name, "x"));

    [Theory]
    [InlineData("a\r\nX-Injected: 1")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("ключ")]
    [InlineData(null)]
    public void A_value_is_printable_ascii_so_that_it_cannot_become_another_header(string? value) =>
        Assert.Equal("must give X-Key a value of at most 2048 printable ASCII characters", Error("X-Key", value));

    [Fact]
    public void Names_values_and_their_number_are_limited()
    {
        Assert.NotNull(Error(new string('x', 129), "x"));
        Assert.NotNull(Error("X-Key", new string('x', 2049)));
        Assert.Null(WebhookHeaders.FindError(Enumerable.Range(0, 32).ToDictionary(i => $"X-{i}", _ => "x")));
        Assert.Equal("must be at most 32 headers", WebhookHeaders.FindError(Enumerable.Range(0, 33).ToDictionary(i => $"X-{i}", _ => "x")));
    }

    [Fact]
    public void A_name_appears_once_in_any_spelling() => Assert.Equal(
        "name X-Key twice", WebhookHeaders.FindError(new Dictionary<string, string> { ["X-Key"] = "1", ["x-key"] = "2" }));

    private static string? Error(string name, string? value) => WebhookHeaders.FindError(new Dictionary<string, string> { [name] = value! });
}

namespace Wuts.Webhooks.Tests;

public sealed class WebhookUrlTests
{
    private static readonly WebhookOptions Strict = new();
    private static readonly WebhookOptions Development = new() { AllowPrivateTargets = true };

    [Theory]
    [InlineData("https://hooks.example.com")]
    [InlineData("https://hooks.example.com/a/b?token=1")]
    [InlineData("https://hooks.example.com:443/")]
    [InlineData("https://1.1.1.1/x")]
    [InlineData("https://[2606:4700:4700::1111]/x")]
    [InlineData("https://bücher.example/")]
    public void A_public_https_url_is_accepted(string url)
    {
        Assert.Equal(new Uri(url), WebhookUrl.Parse(url, Strict, out var error));
        Assert.Null(error);
    }

    [Theory]
    [InlineData(null, "is required")]
    [InlineData(" ", "is required")]
    [InlineData("/hooks", "must be an absolute URL")]
    [InlineData("hooks.example.com", "must be an absolute URL")]
    [InlineData("https://", "must be an absolute URL")]
    [InlineData("http://hooks.example.com", "must be an https URL")]
    [InlineData("ftp://hooks.example.com", "must be an https URL")]
    [InlineData("https://user:password@hooks.example.com", "must not carry a user or password: use a header")]
    [InlineData("https://hooks.example.com/#x", "must not carry a fragment")]
    [InlineData("https://hooks.example.com/#", "must not carry a fragment")]
    [InlineData("https://hooks.example.com:8443/", "must use port 443")]
    [InlineData("https://localhost/", "must not lead to a private address")]
    [InlineData("https://127.0.0.1/", "must not lead to a private address")]
    [InlineData("https://127.1/", "must not lead to a private address")]
    [InlineData("https://2130706433/", "must not lead to a private address")]
    [InlineData("https://0x7f000001/", "must not lead to a private address")]
    [InlineData("https://0177.0.0.1/", "must not lead to a private address")]
    [InlineData("https://169.254.169.254/latest/meta-data", "must not lead to a private address")]
    [InlineData("https://[::1]/", "must not lead to a private address")]
    [InlineData("https://[::ffff:10.0.0.1]/", "must not lead to a private address")]
    [InlineData("https://[fe80::1]/", "must not lead to a private address")]
    public void Any_other_url_is_refused_with_its_reason(string? url, string expected)
    {
        Assert.Null(WebhookUrl.Parse(url, Strict, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_url_has_at_most_2048_characters()
    {
        var longest = "https://hooks.example.com/".PadRight(WebhookUrl.MaxLength, 'x');

        Assert.NotNull(WebhookUrl.Parse(longest, Strict, out _));
        Assert.Null(WebhookUrl.Parse(longest + "x", Strict, out var error));
        Assert.Equal("must be at most 2048 characters", error);
    }

    [Fact]
    public void Further_ports_can_be_allowed()
    {
        var options = new WebhookOptions { AllowedPorts = [8443] };

        Assert.NotNull(WebhookUrl.Parse("https://hooks.example.com:8443/", options, out _));
        Assert.NotNull(WebhookUrl.Parse("https://hooks.example.com/", options, out _));
        Assert.Null(WebhookUrl.Parse("https://hooks.example.com:9443/", options, out var error));
        Assert.Equal("must use port 443 or 8443", error);
    }

    [Theory]
    [InlineData("http://localhost:5678/hook", true)]
    [InlineData("http://10.0.0.1/", true)]
    [InlineData("https://[::1]:8443/", true)]
    [InlineData("ftp://localhost/", false)]
    [InlineData("http://user@localhost/", false)]
    [InlineData("http://localhost/#x", false)]
    public void Development_may_use_http_and_private_addresses_and_nothing_else(string url, bool accepted) =>
        Assert.Equal(accepted, WebhookUrl.Parse(url, Development, out _) is not null);
}

using System.Net;

namespace Wuts.EndToEnd.Tests;

/// <summary>The operator's cookie behind a proxy that ends TLS.</summary>
public sealed class OperatorCookieTests
{
    [Fact]
    public async Task It_is_for_https_alone_where_a_trusted_proxy_says_that_the_browser_came_by_https()
    {
        await using var wuts = new WutsProcess();
        wuts.Environment["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        Assert.True(await wuts.StartAsync(), wuts.Output);

        Assert.Contains("secure", await SignInAsync(wuts, "https"));
        Assert.DoesNotContain("secure", await SignInAsync(wuts, "http"));
    }

    [Fact]
    public async Task Nobody_is_believed_where_no_proxy_was_configured()
    {
        await using var wuts = new WutsProcess();
        Assert.True(await wuts.StartAsync(), wuts.Output);

        Assert.DoesNotContain("secure", await SignInAsync(wuts, "https"));
    }

    private static async Task<string[]> SignInAsync(WutsProcess wuts, string scheme)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(wuts.Url) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/operator/sign-in")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("token", WutsProcess.MasterToken), KeyValuePair.Create("to", "/tenants")]),
            Headers = { { "X-Forwarded-Proto", scheme }, { "X-Forwarded-For", "192.0.2.7" } },
        };
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));

        using var asked = new HttpRequestMessage(HttpMethod.Get, "/tenants") { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        using var tenants = await http.SendAsync(asked);
        Assert.Equal(HttpStatusCode.OK, tenants.StatusCode);
        return cookie.Split(';', StringSplitOptions.TrimEntries);
    }
}

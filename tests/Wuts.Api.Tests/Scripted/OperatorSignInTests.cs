using System.Net;
using System.Net.Http.Headers;
using Wuts.Api.Tests.Support;
using Wuts.Testing;

namespace Wuts.Api.Tests.Scripted;

public sealed class OperatorSignInTests : IAsyncLifetime
{
    private const string ForOperators = "/tenants";
    private const string SignIn = "/operator/sign-in";

    private readonly ManualTimeProvider _clock = new(Samples.T0);
    private FrontEnd _frontEnd = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync(_clock);
        _browser = new(_frontEnd.Client.Address);
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Fact]
    public async Task Without_a_token_a_program_gets_the_envelope_and_a_browser_the_page_that_leads_back()
    {
        (await _frontEnd.Client.Get(ForOperators, ("Accept", "application/json"))).IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED");

        var page = await _browser.Get(ForOperators);

        Assert.Equal((HttpStatusCode.Unauthorized, "text/html"), (page.Status, page.MediaType));
        Assert.Contains("name=\"to\" value=\"/tenants\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("name=\"token\" type=\"password\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_gets_no_page_where_a_tenants_token_is_missing()
    {
        var page = await _browser.Get("/devices");

        Assert.Equal((HttpStatusCode.Unauthorized, "application/json"), (page.Status, page.MediaType));
    }

    [Fact]
    public async Task The_page_can_do_nothing_but_be_sent_and_is_kept_nowhere()
    {
        var headers = (await _browser.Get("/operator")).Message.Headers;

        var policy = Assert.Single(headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("form-action 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.True(headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task The_master_token_is_exchanged_for_a_cookie_that_opens_what_is_for_operators()
    {
        var page = await _browser.Post(SignIn, ("token", $" {FrontEnd.MasterToken} "), ("to", ForOperators));

        Assert.Equal((HttpStatusCode.Redirect, ForOperators), (page.Status, page.Target));
        var attributes = page.SetCookie!.Split(';', StringSplitOptions.TrimEntries);
        Assert.Contains("httponly", attributes);
        Assert.Contains("samesite=strict", attributes);
        Assert.Contains("path=/", attributes);
        Assert.DoesNotContain("secure", attributes); // this request came over http
        Assert.DoesNotContain(FrontEnd.MasterToken, page.SetCookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _browser.Get(ForOperators)).Status);
    }

    [Theory]
    [InlineData("another-token-of-some-length")]
    [InlineData(FrontEnd.Admin)]
    [InlineData("")]
    public async Task Another_token_is_refused_even_a_tenants(string token)
    {
        var page = await _browser.Post(SignIn, ("token", token), ("to", ForOperators));

        Assert.Equal((HttpStatusCode.Unauthorized, "text/html", null), (page.Status, page.MediaType, page.SetCookie));
        Assert.Contains("That is not the master token.", page.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"/tenants\"", page.Text, StringComparison.Ordinal);

        var content = new FormUrlEncodedContent([KeyValuePair.Create("token", token)]);
        (await _frontEnd.Client.Send(HttpMethod.Post, SignIn, content)).IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Fact]
    public async Task The_cookie_is_no_tenants_token()
    {
        await SignInAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await _browser.Get("/devices")).Status);
    }

    [Theory]
    [InlineData("Bearer another-token")]
    [InlineData($"Bearer {FrontEnd.Admin}")]
    public async Task A_token_that_is_wrong_beats_the_cookie(string bearer)
    {
        await SignInAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await _browser.Get(ForOperators, bearer: bearer)).Status);
    }

    [Fact]
    public async Task The_cookie_ends_after_eight_hours_however_much_it_is_used()
    {
        await SignInAsync();
        _clock.Advance(TimeSpan.FromHours(7.9));
        Assert.Equal((HttpStatusCode.OK, null), ((await _browser.Get(ForOperators)) is var used ? (used.Status, used.SetCookie) : default));

        _clock.Advance(TimeSpan.FromHours(0.2));

        Assert.Equal(HttpStatusCode.Unauthorized, (await _browser.Get(ForOperators)).Status);
    }

    [Fact]
    public async Task A_cookie_that_we_did_not_make_opens_nothing()
    {
        await using var other = await FrontEnd.StartAsync(_clock);
        var elsewhere = new Browser(other.Client.Address);
        await elsewhere.Post(SignIn, ("token", FrontEnd.MasterToken));
        await SignInAsync();
        var ours = _browser.Cookie!;
        var middle = ours.Length / 2;
        string[] forged =
        [
            elsewhere.Cookie!, "wuts-operator=operator", "wuts-operator=", ours[..^5], ours[..middle] + (ours[middle] == 'A' ? 'B' : 'A') + ours[(middle + 1)..],
        ];

        foreach (var cookie in forged)
        {
            _browser.Cookie = cookie;
            Assert.Equal(HttpStatusCode.Unauthorized, (await _browser.Get(ForOperators)).Status);
        }
    }

    [Fact]
    public async Task Signing_out_takes_the_cookie_back()
    {
        await SignInAsync();

        var page = await _browser.Post("/operator/sign-out");

        Assert.Equal((HttpStatusCode.Redirect, "/operator"), (page.Status, page.Target));
        Assert.StartsWith("wuts-operator=; expires=Thu, 01 Jan 1970", page.SetCookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _browser.Get(ForOperators)).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _browser.Get("/operator/sign-out")).Status);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("https:/evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    [InlineData(" //evil.example")]
    [InlineData("/a\r\nSet-Cookie: b=c")]
    [InlineData("/é")]
    [InlineData("evil.example")]
    [InlineData("")]
    public async Task It_leads_to_no_other_site(string to)
    {
        var page = await _browser.Post(SignIn, ("token", FrontEnd.MasterToken), ("to", to));

        Assert.Equal((HttpStatusCode.Redirect, "/orleans/"), (page.Status, page.Target));
        Assert.Contains("value=\"/orleans/\"", (await _browser.Get($"/operator?to={Uri.EscapeDataString(to)}")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/orleans/", "/orleans/")]
    [InlineData("/messages/3EB0?tenant=a&limit=5", "/messages/3EB0?tenant=a&amp;limit=5")]
    [InlineData("/a'b", "/a&#x27;b")]
    public async Task It_leads_back_to_a_path_of_ours_written_so_that_it_stays_text(string to, string written)
    {
        Assert.Contains($"value=\"{written}\"", (await _browser.Get($"/operator?to={Uri.EscapeDataString(to)}")).Text, StringComparison.Ordinal);
        Assert.Equal(to, (await _browser.Post(SignIn, ("token", FrontEnd.MasterToken), ("to", to))).Target);
    }

    [Theory]
    [InlineData("/\"><script>alert(1)</script>")]
    [InlineData("/%22%3E%3Cscript%3E")]
    public async Task Nothing_of_an_address_becomes_markup(string to)
    {
        var asked = await _browser.Get($"/operator?to={Uri.EscapeDataString(to)}");
        var refused = await _browser.Post(SignIn, ("token", "wrong"), ("to", to));

        Assert.All([asked.Text, refused.Text], text => Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_is_no_form_or_too_large_a_one_is_400()
    {
        HttpContent[] broken =
        [
            ApiClient.Json($$"""{"token":"{{FrontEnd.MasterToken}}"}"""),
            new FormUrlEncodedContent([KeyValuePair.Create("token", FrontEnd.MasterToken), KeyValuePair.Create("to", $"/{new string('a', 5000)}")]),
            Form(string.Join('&', Enumerable.Repeat("a", 2000)), "application/x-www-form-urlencoded"),
            Form("token=x", "multipart/form-data"),
            Form("--b\r\nContent-Disposition: form-data; name=token\r\n\r\nx", "multipart/form-data; boundary=b"),
        ];

        foreach (var content in broken)
        {
            (await _frontEnd.Client.Send(HttpMethod.Post, SignIn, content)).IsError(HttpStatusCode.BadRequest, "BAD_REQUEST");
        }
    }

    private static ByteArrayContent Form(string text, string type) =>
        new(System.Text.Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

    private async Task SignInAsync() =>
        Assert.Equal(HttpStatusCode.Redirect, (await _browser.Post(SignIn, ("token", FrontEnd.MasterToken))).Status);
}

using System.Net;

namespace Wuts.Api.Tests.Support;

/// <summary>Asks for pages, posts forms, keeps the cookie that it is given, and follows no redirect.</summary>
public sealed class Browser(Uri address)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The operator's cookie as <c>name=value</c>.</summary>
    public string? Cookie { get; set; }

    public Task<Page> Get(string path, string accept = "text/html,application/xhtml+xml,*/*;q=0.8", string? bearer = null) =>
        Send(HttpMethod.Get, path, null, accept, bearer);

    public Task<Page> Post(string path, params (string Name, string Value)[] fields) =>
        Post(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    public Task<Page> Post(string path, HttpContent content, string accept = "text/html") => Send(HttpMethod.Post, path, content, accept, null);

    private async Task<Page> Send(HttpMethod method, string path, HttpContent? content, string accept, string? bearer)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Authorization", bearer);
        request.Headers.TryAddWithoutValidation("Cookie", Cookie);
        var response = await Http.SendAsync(request);
        var set = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? Assert.Single(cookies) : null;
        Cookie = set?.Split(';')[0] ?? Cookie;
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(), set, response);
    }
}

/// <summary>What a browser was answered.</summary>
/// <param name="SetCookie">The cookie with its attributes, where one was set.</param>
public sealed record Page(HttpStatusCode Status, string Text, string? SetCookie, HttpResponseMessage Message)
{
    public string? Target => Message.Headers.Location?.OriginalString;

    public string? MediaType => Message.Content.Headers.ContentType?.MediaType;
}

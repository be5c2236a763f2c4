using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Wuts.Api.Tests.Support;

/// <summary>Speaks to the API with one token.</summary>
public sealed class ApiClient(Uri address, string? token = null)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(60) };

    public Uri Address => address;

    public ApiClient As(string? other) => new(address, other);

    public Task<Reply> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Reply> Delete(string path) => Send(HttpMethod.Delete, path, null);

    public Task<Reply> Put(string path, object body) => Send(HttpMethod.Put, path, Json(body as string ?? JsonSerializer.Serialize(body)));

    public Task<Reply> Post(string path, object? body = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, body is null ? null : Json(body as string ?? JsonSerializer.Serialize(body)), headers);

    public async Task<Reply> Send(
        HttpMethod method, string path, HttpContent? content, (string Name, string Value)[]? headers = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Http.SendAsync(request, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new(response.StatusCode, bytes.Length == 0 ? default : JsonDocument.Parse(bytes).RootElement, response);
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}

using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Wuts.Benchmarks.Load;

/// <summary>Calls the HTTP API to prepare a run. An answer that is no success ends the run.</summary>
internal sealed class SetUpClient(Uri server) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = server };

    /// <param name="preference">The header <c>Prefer</c>.</param>
    public Task<JsonNode> PostAsync(string path, object? body = null, string? token = null, string? device = null, string? preference = null) =>
        CallAsync(HttpMethod.Post, path, body, token, device, preference);

    public Task<JsonNode> PutAsync(string path, object body, string? token = null) => CallAsync(HttpMethod.Put, path, body, token, device: null);

    public Task<JsonNode> GetAsync(string path, string? token = null, string? device = null) => CallAsync(HttpMethod.Get, path, body: null, token, device);

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> CallAsync(HttpMethod method, string path, object? body, string? token, string? device, string? preference = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        if (device is not null)
        {
            request.Headers.Add("X-Device-Id", device);
        }

        if (preference is not null)
        {
            request.Headers.Add("Prefer", preference);
        }

        using var response = await _http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(answer)!
            : throw new InvalidOperationException($"{method} {path} was answered {(int)response.StatusCode}: {answer}");
    }
}

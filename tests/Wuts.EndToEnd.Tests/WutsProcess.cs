using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Wuts.EndToEnd.Tests;

/// <summary>The real executable on loopback with a data folder of its own, to be killed and started again.</summary>
public sealed class WutsProcess : IAsyncDisposable
{
    public const string MasterToken = "master-token-of-this-test";

    private readonly string[] _settings;
    private Process? _process;

    public WutsProcess(params string[] settings)
    {
        _settings = settings;
        Url = $"http://127.0.0.1:{FreePort()}";
        Http = new HttpClient { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromMinutes(3) };
    }

    public string Url { get; }

    public HttpClient Http { get; }

    public string Data { get; } = Directory.CreateTempSubdirectory("wuts-").FullName;

    /// <summary>What the process wrote until it was up, or until it ended.</summary>
    public string Output { get; private set; } = string.Empty;

    /// <summary>Starts it and returns when it listens; <c>false</c> when it ended instead.</summary>
    public async Task<bool> StartAsync(params string[] more)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "wuts.dll"), "--data", Data, "--urls", Url, "--master-token", MasterToken,
            "--simulator", "true", "--private-webhooks", "true", .. _settings, .. more,
        ];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        Output = string.Empty;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Output += line + "\n";
            if (line.Contains("database "))
            {
                _process = process;
                _ = process.StandardOutput.ReadToEndAsync(); // so that its pipe never fills
                return true;
            }
        }

        await process.WaitForExitAsync();
        Output += await errors;
        return false;
    }

    /// <summary>SIGKILL: nothing in the process gets to run any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<JsonNode> CallAsync(HttpMethod method, string path, object? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(method, path, body, token, headers);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, string? token, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return Http.SendAsync(request);
    }

    /// <summary>The simulated network's own log, from its first line.</summary>
    public async Task<List<JsonNode>> ReadNetworkLogAsync()
    {
        var entries = new List<JsonNode>();
        while (true)
        {
            var page = await CallAsync(HttpMethod.Get, $"/simulator/log?after={entries.LastOrDefault()?["seq"] ?? 0}&limit=1000");
            var rows = page["entries"]!.AsArray();
            if (rows.Count == 0)
            {
                return entries;
            }

            entries.AddRange(rows.Select(r => r!));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        Http.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

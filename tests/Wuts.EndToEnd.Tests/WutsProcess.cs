using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Wuts.EndToEnd.Tests;

/// <summary>The real executable on loopback with a data folder of its own, to be killed and started again.</summary>
public sealed class WutsProcess : IAsyncDisposable
{
    public const string MasterToken = "master-token-of-this-test";

    private readonly string[] _settings;
    private readonly StringBuilder _output = new();
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

    /// <summary>Variables of its environment, besides those of the test.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What the process, as it was last started, has written.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts it and returns when it listens; <c>false</c> when it ended instead.</summary>
    public async Task<bool> StartAsync(params string[] more)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "wuts.dll"), "--data", Data, "--urls", Url, "--master-token", MasterToken,
            "--simulator", "true", "--private-webhooks", "true", .. _settings, .. more,
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        lock (_output)
        {
            _output.Clear();
        }

        var up = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Note(line.Data, up);
        process.ErrorDataReceived += (_, line) => Note(line.Data, up);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ = process.WaitForExitAsync().ContinueWith(_ => up.TrySetResult(false), TaskScheduler.Default); // all it wrote has been read by then
        _process = process;
        return await up.Task;
    }

    /// <summary>SIGKILL: nothing in the process gets to run any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it stands still, with all its connections and locks, until <see cref="ResumeAsync"/>.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

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

        _process?.Dispose();
        Http.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private void Note(string? line, TaskCompletionSource<bool> up)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line?.Contains("database ", StringComparison.Ordinal) == true)
        {
            up.TrySetResult(true); // the last line of the banner that is always there
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

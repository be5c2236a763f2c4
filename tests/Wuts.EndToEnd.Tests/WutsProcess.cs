using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wuts.Testing;

namespace Wuts.EndToEnd.Tests;

/// <summary>The real executable on loopback with a data folder of its own, to be killed and started again.</summary>
public sealed class WutsProcess : IAsyncDisposable
{
    public const string MasterToken = "master-token-of-this-test";

    private static readonly string[] Alone = ["--simulator", "true"];

    private readonly string[] _settings;
    private readonly StringBuilder _output = new();
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    /// <summary>One that is everything, with the simulated network in it.</summary>
    public WutsProcess(params string[] settings)
        : this("all", [.. Alone, .. settings])
    {
    }

    /// <summary>One of a cluster.</summary>
    public WutsProcess(string role, string[] settings)
    {
        _settings = ["--role", role, .. settings];
        Url = $"http://127.0.0.1:{FreePort.Next()}";
        Http = new HttpClient { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromMinutes(3) };
    }

    public string Url { get; }

    public HttpClient Http { get; }

    public string Data { get; } = Directory.CreateTempSubdirectory("wuts-").FullName;

    /// <summary>Whether it is given the master token.</summary>
    public bool HasMasterToken { get; init; } = true;

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

    /// <summary>Waits until the process has written something, and returns it.</summary>
    public async Task<T> Written<T>(string what, Func<string, T?> find)
        where T : class
    {
        while (true)
        {
            var written = Volatile.Read(ref _written).Task;
            if (find(Output) is { } found)
            {
                return found;
            }

            try
            {
                await written.WaitAsync(TimeSpan.FromSeconds(10));
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"The process never wrote {what}:\n{Output}");
            }
        }
    }

    /// <summary>Starts it and returns when it listens; <c>false</c> when it ended instead.</summary>
    public Task<bool> StartAsync(params string[] more)
    {
        string[] masterToken = HasMasterToken ? ["--master-token", MasterToken] : [];
        return LaunchAsync(["--data", Data, "--urls", Url, "--private-webhooks", "true", .. masterToken, .. _settings, .. more]);
    }

    /// <summary>Runs one of its verbs, as <c>migrate</c> with its settings, and returns the exit code.</summary>
    public async Task<int> RunAsync(params string[] arguments)
    {
        await LaunchAsync(arguments);
        return await ExitAsync();
    }

    /// <summary>SIGKILL: nothing in the process gets to run any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an orchestrator does, and the wait for its end. Returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process!.HasExited)
        {
            await TellToStopAsync();
        }

        return await ExitAsync();
    }

    /// <summary>SIGTERM alone.</summary>
    public Task TellToStopAsync() => SignalAsync("TERM");

    /// <summary>Waits for its end. Returns the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process!.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>SIGSTOP: it stands still, with all its connections and locks, until <see cref="ResumeAsync"/>.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Waits until it says that it wants no more requests.</summary>
    public async Task UnreadyAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        HttpStatusCode status;
        do
        {
            using var response = await Http.GetAsync("/health/ready", patience.Token);
            status = response.StatusCode;
        }
        while (status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
    }

    /// <summary>The token of the tenant that <c>--demo true</c> made.</summary>
    public async Task<string> ReadDemoTokenAsync() => (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Data, "demo.json")))!["Token"]!;

    /// <summary>Sends a message, again while it is told to come back later: the phone of the demo may still be linking.</summary>
    public async Task<HttpResponseMessage> SendTextAsync(string token)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var answer = await SendAsync(HttpMethod.Post, "/send/text", new { number = "5511988880002", text = "hello", disablePresence = true }, token);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || patience.IsCancellationRequested)
            {
                return answer;
            }

            answer.Dispose();
        }
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

        _process?.Dispose();
        Http.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    private async Task<bool> LaunchAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "wuts.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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

        Interlocked.Exchange(ref _written, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        if (line?.Contains("listening on ", StringComparison.Ordinal) == true)
        {
            up.TrySetResult(true); // the banner comes when all of it has started
        }
    }
}

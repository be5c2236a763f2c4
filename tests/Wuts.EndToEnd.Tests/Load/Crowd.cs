namespace Wuts.EndToEnd.Tests.Load;

/// <summary>All clients of a run, one a device.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private readonly CancellationTokenSource _enough = new();
    private readonly HttpClient _http;
    private readonly Task _clients;

    private Crowd(string url, Tenant tenant, int messagesAtLeast, int seed, RequestLog log)
    {
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = Timeout.InfiniteTimeSpan };
        _clients = Task.WhenAll(tenant.Devices.Select((_, d) => new Client(_http, tenant, d, new Random(seed + d), log).RunAsync(messagesAtLeast, _enough.Token)));
    }

    public static Crowd Begin(string url, Tenant tenant, int messagesAtLeast, int seed, RequestLog log) => new(url, tenant, messagesAtLeast, seed, log);

    /// <summary>Lets each client end what it is at, and waits until all that must be answered is.</summary>
    public async Task EndAsync()
    {
        await _enough.CancelAsync();
        await _clients;
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _clients.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _enough.Dispose();
    }
}

namespace Wuts.EndToEnd.Tests.Load;

/// <summary>All clients of a run, one a device.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private readonly CancellationTokenSource _enough = new();
    private readonly HttpClient _http;
    private readonly Task _clients;

    private Crowd(HttpClient http, Tenant tenant, int seed, RequestLog log, Func<Client, CancellationToken, Task> work)
    {
        _http = http;
        _clients = Task.WhenAll(tenant.Devices.Select((_, d) => work(new Client(_http, tenant, d, new Random(seed + d), log), _enough.Token)));
    }

    /// <summary>Clients with all habits, until it is enough.</summary>
    /// <param name="http">Disposed with the crowd.</param>
    public static Crowd Begin(HttpClient http, Tenant tenant, int messagesAtLeast, int seed, RequestLog log) =>
        new(http, tenant, seed, log, (client, enough) => client.RunAsync(messagesAtLeast, enough));

    /// <summary>Clients that queue so many paced messages each.</summary>
    /// <param name="http">Disposed with the crowd.</param>
    public static Crowd Queue(HttpClient http, Tenant tenant, int messages, int seed, RequestLog log) =>
        new(http, tenant, seed, log, (client, _) => client.QueueAsync(messages));

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

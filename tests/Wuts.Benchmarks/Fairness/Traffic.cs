using System.Net;
using Wuts.Benchmarks.Load;

namespace Wuts.Benchmarks.Fairness;

/// <summary>What the tenants send. They are numbered from 0; each has five devices.</summary>
internal sealed class Traffic(Installation installation) : IDisposable
{
    public const int Tenants = 10;
    public const int DevicesOfTenant = 5;
    private const int Queueing = 64;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    private int _repeated;

    /// <summary>Sends that were answered with a 503 and repeated.</summary>
    public int Repeated => _repeated;

    /// <summary>All tenants but the first send one message each every half second, not all at once.</summary>
    public async Task<Stretch> SendQuietlyAsync(TimeSpan time)
    {
        var from = Stretch.Now;
        await Task.WhenAll(Enumerable.Range(1, Tenants - 1).Select(async tenant =>
        {
            await Task.Delay(Between * tenant / Tenants);
            for (var i = 0; Stretch.Now - from < time.TotalSeconds; i++)
            {
                await SendAsync(tenant, i);
                await Task.Delay(Between);
            }
        }));
        return new(from, Stretch.Now);
    }

    /// <summary>Queues as fast as it goes, in turn for those tenants that have more.</summary>
    /// <param name="messages">How many of each tenant.</param>
    /// <returns>How long it took.</returns>
    public async Task<Stretch> QueueAsync(IReadOnlyList<int> messages)
    {
        var from = Stretch.Now;
        var sends = from number in Enumerable.Range(0, messages.Max()) from tenant in Enumerable.Range(0, Tenants) where number < messages[tenant] select (tenant, number);
        await Parallel.ForEachAsync(sends, new ParallelOptions { MaxDegreeOfParallelism = Queueing }, async (send, _) => await SendAsync(send.tenant, send.number));
        return new(from, Stretch.Now);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends once. What is answered with a 503 is asked again under the same key, as clients do.</summary>
    private async Task SendAsync(int tenant, int number)
    {
        var key = Guid.NewGuid().ToString();
        while (!await TrySendAsync(tenant, number, key))
        {
            Interlocked.Increment(ref _repeated);
        }
    }

    private async Task<bool> TrySendAsync(int tenant, int number, string key)
    {
        var device = installation.Devices[(tenant * DevicesOfTenant) + (number % DevicesOfTenant)];
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(installation.Address, "/send/text"))
        {
            Content = new ByteArrayContent(installation.Bodies[number % installation.Bodies.Count]),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {device.Token}");
        request.Headers.TryAddWithoutValidation("X-Device-Id", device.Id);
        request.Headers.TryAddWithoutValidation("Prefer", "respond-async");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await _http.SendAsync(request, CancellationToken.None);
        return response.StatusCode != HttpStatusCode.ServiceUnavailable && response.EnsureSuccessStatusCode().IsSuccessStatusCode;
    }
}

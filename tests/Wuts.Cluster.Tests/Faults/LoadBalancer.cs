using System.Collections.Immutable;

namespace Wuts.Cluster.Tests.Faults;

/// <summary>
/// What stands before the gateways of any real installation: it sends each request to the next of those that said lately that they are
/// ready, and never repeats one.
/// </summary>
internal sealed class LoadBalancer : HttpMessageHandler
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ImmutableArray<Uri> _gateways;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) });
    private readonly CancellationTokenSource _over = new();
    private readonly Task _asking;
    private ImmutableArray<Uri> _ready;
    private int _turn;

    public LoadBalancer(ImmutableArray<Uri> gateways)
    {
        _gateways = _ready = gateways;
        _asking = AskAsync();
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var ready = _ready.IsEmpty ? _gateways : _ready;
        var gateway = ready[(int)((uint)Interlocked.Increment(ref _turn) % (uint)ready.Length)];
        request.RequestUri = new Uri(gateway, request.RequestUri!.PathAndQuery);
        return _http.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _over.Cancel();
            _asking.ContinueWith(_ => _http.Dispose(), TaskScheduler.Default);
        }

        base.Dispose(disposing);
    }

    private async Task AskAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            var answers = await Task.WhenAll(_gateways.Select(IsReadyAsync));
            _ready = [.. _gateways.Where((_, i) => answers[i])];
            await Task.Delay(Interval, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> IsReadyAsync(Uri gateway)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, "/health/ready"));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            using var answer = await _http.SendAsync(request, patience.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}

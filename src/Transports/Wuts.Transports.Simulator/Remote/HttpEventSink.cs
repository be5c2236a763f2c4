using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Remote;

/// <summary>
/// Brings events to the gateways of a cluster, each batch to one, turn about. Where one fails the next is asked at once, and it
/// is avoided for a while; only its "done" counts. Throws when no gateway took the events.
/// </summary>
internal sealed class HttpEventSink : IDeviceEventSink, IDisposable
{
    private const int MostAtOnce = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Avoidance = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _places = new(MostAtOnce); // waiting for a place does not count as the gateway's time
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly Gateway[] _gateways;
    private uint _turn;

    public HttpEventSink(IOptions<SimulatorOptions> options, TimeProvider clock)
    {
        _clock = clock;
        _http = WireClient.Create(options.Value.Token!, MostAtOnce);
        _gateways = [.. options.Value.Gateways.Select(g => new Gateway(new Uri(g, EventEndpoints.Path)))];
    }

    public async Task HandleAsync(DeviceKey device, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new EventsBody(device, events), WireJson.Of<EventsBody>());
        await _places.WaitAsync(cancellationToken);
        try
        {
            var failures = new List<string>();
            foreach (var gateway in InOrder())
            {
                var failure = await TryAsync(gateway.Events, body, cancellationToken);
                Note(gateway, failed: failure is not null);
                if (failure is null)
                {
                    return;
                }

                failures.Add($"{gateway.Events.Authority} {failure}");
            }

            throw new IOException($"No gateway took the events: {string.Join("; ", failures)}.");
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
    }

    private Gateway[] InOrder()
    {
        lock (_gate)
        {
            var first = _turn++ % (uint)_gateways.Length;
            var order = _gateways[(int)first..].Concat(_gateways[..(int)first]).OrderBy(IsAvoided).ToArray();
            if (order[0].FailedAt is not null)
            {
                order[0].FailedAt = _clock.GetTimestamp(); // one batch finds out whether it is well again, the others do not wait for it
            }

            return order;
        }
    }

    private void Note(Gateway gateway, bool failed)
    {
        lock (_gate)
        {
            gateway.FailedAt = failed ? _clock.GetTimestamp() : null;
        }
    }

    private bool IsAvoided(Gateway gateway) => gateway.FailedAt is { } at && _clock.GetElapsedTime(at) < Avoidance;

    /// <returns>What went wrong; <c>null</c> when the gateway has the events.</returns>
    private async Task<string?> TryAsync(Uri gateway, byte[] body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var content = WireClient.Json(body);
            using var response = await _http.PostAsync(gateway, content, either.Token);
            return response.IsSuccessStatusCode ? null : $"answered {(int)response.StatusCode}";
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return limit.IsCancellationRequested ? $"did not answer within {Patience.TotalSeconds:0} s"
                : WireClient.NeverLeft(e) ? "cannot be reached"
                : "broke off";
        }
    }

    private sealed class Gateway(Uri events)
    {
        public Uri Events { get; } = events;

        /// <summary>When it failed last or was last tried again; <c>null</c> while it is well.</summary>
        public long? FailedAt { get; set; }
    }
}

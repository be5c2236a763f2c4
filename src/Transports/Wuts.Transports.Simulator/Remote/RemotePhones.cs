using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using Wuts.Transports.Simulator.Control;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator.Remote;

/// <summary>The phones of a network in another process, over its control API.</summary>
internal sealed class RemotePhones : ISimulatedPhones, IDisposable
{
    private const int MostConnections = 4;

    private readonly Uri _address;
    private readonly HttpClient _http;

    public RemotePhones(IOptions<SimulatorOptions> options)
    {
        _address = options.Value.Address;
        _http = WireClient.Create(options.Value.Token!, MostConnections);
    }

    public Uri? Address => _address;

    public async Task CreateAsync(string number, CancellationToken cancellationToken)
    {
        using var response = await CallAsync("phones", new NewPhoneBody(number), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async Task<bool> ScanAsync(string number, string qrCode, CancellationToken cancellationToken)
    {
        using var response = await CallAsync($"phones/{number}/scan", new ScanBody(qrCode), cancellationToken);
        if ((int)response.StatusCode >= 500)
        {
            response.EnsureSuccessStatusCode();
        }

        return response.IsSuccessStatusCode;
    }

    public void Dispose() => _http.Dispose();

    private Task<HttpResponseMessage> CallAsync<T>(string path, T body, CancellationToken cancellationToken) =>
        _http.PostAsJsonAsync(new Uri(_address, $"simulator/{path}"), body, Answer.Json, cancellationToken);
}

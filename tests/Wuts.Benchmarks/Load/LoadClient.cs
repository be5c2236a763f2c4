using System.Diagnostics;
using System.Globalization;
using Wuts.Benchmarks.Measuring;

namespace Wuts.Benchmarks.Load;

/// <summary>One HTTP client: one request at a time, its answer awaited, as fast as it goes.</summary>
internal sealed class LoadClient(HttpMessageInvoker http, Installation installation, int number)
{
    private readonly Random _random = new(number);
    private readonly SendingDevice _device = installation.Devices[number % installation.Devices.Count];
    private readonly Uri _sendText = new(installation.Address, "/send/text");

    public List<UInt128> Accepted { get; } = [];

    /// <summary>How long <c>202</c> took where it was asked for.</summary>
    public Latencies Accept { get; } = new();

    /// <summary>How long the answer took that waits for the hand-over to the network.</summary>
    public Latencies Dispatch { get; } = new();

    /// <summary>Answers that accepted nothing, by status.</summary>
    public Dictionary<string, int> Refused { get; } = [];

    /// <summary>Sends for as long as there is something to send.</summary>
    public async Task RunAsync(Func<bool> takeOne)
    {
        for (var async = number % 2 == 0; takeOne(); async = !async)
        {
            await SendAsync(async);
        }
    }

    private async Task SendAsync(bool async)
    {
        var startedAt = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, _sendText) { Content = new ByteArrayContent(installation.Bodies[_random.Next(installation.Bodies.Count)]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_device.Token}");
        request.Headers.TryAddWithoutValidation("X-Device-Id", _device.Id);
        if (async)
        {
            request.Headers.TryAddWithoutValidation("Prefer", "respond-async");
        }

        using var response = await http.SendAsync(request, CancellationToken.None);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (response.IsSuccessStatusCode && MessageNumber.Find(answer) is { } message)
        {
            (async ? Accept : Dispatch).Add(startedAt);
            Accepted.Add(message);
            return;
        }

        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        Refused[status] = Refused.GetValueOrDefault(status) + 1;
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Wuts.Benchmarks.Measuring;

namespace Wuts.Benchmarks.Load;

/// <summary>
/// One-time passwords on a device with a campaign in its queue, and on one that has nothing else to do: how long each waits from its
/// acceptance to the claim before its hand-over, by the message's own timeline.
/// </summary>
internal sealed class LaneRun(Installation installation, int marketing, int typingSeconds)
{
    private const int Passwords = 100;
    private const int AtATime = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public async Task<LaneFigures> RunAsync()
    {
        using var api = new SetUpClient(installation.Address);
        var (busy, idle) = (installation.Devices[0], installation.Devices[1]);
        var alone = await SendPasswordsAsync(api, idle);
        await Parallel.ForAsync(0, marketing, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, _) =>
            await SendAsync(api, busy, $"55119{30_000_000 + i}", "marketing", typingSeconds, "respond-async"));
        var waiting = await WaitingAsync(api, busy);
        var behind = await SendPasswordsAsync(api, busy);
        return new(alone, behind, waiting, await WaitingAsync(api, busy));
    }

    // At fixed times, whatever the one before is doing.
    private static async Task<Latencies> SendPasswordsAsync(SetUpClient api, SendingDevice device)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var sends = new List<Task<JsonNode>>();
        for (var i = 0; i < Passwords; i++)
        {
            var wait = Interval * i - Stopwatch.GetElapsedTime(startedAt);
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            sends.Add(SendAsync(api, device, $"55119{20_000_000 + i}", "authentication", typing: 0, preference: null));
        }

        var waits = new Latencies();
        foreach (var answer in await Task.WhenAll(sends))
        {
            waits.Add(await WaitOfAsync(api, device, (string)answer["message_id"]!));
        }

        return waits;
    }

    private static async Task<TimeSpan> WaitOfAsync(SetUpClient api, SendingDevice device, string id)
    {
        var timeline = (await api.GetAsync($"/messages/{id}", device.Token, device.Id))["timeline"]!.AsArray();
        return At("claimed") - At("accepted");

        DateTimeOffset At(string kind) => (DateTimeOffset)timeline.First(entry => (string)entry!["kind"]! == kind)!["at"]!;
    }

    private static async Task<int> WaitingAsync(SetUpClient api, SendingDevice device) =>
        (int)(await api.GetAsync($"/devices/{device.Id}/queue", device.Token, device.Id))["data"]!["waiting"]!;

    private static Task<JsonNode> SendAsync(SetUpClient api, SendingDevice device, string number, string category, int typing, string? preference) =>
        api.PostAsync("/send/text", new { number, text = "Your code is 123456.", category, typingDuration = typing }, device.Token, device.Id, preference);
}

/// <param name="Alone">The waits on a device that has nothing else to do.</param>
/// <param name="Behind">The waits behind the campaign.</param>
/// <param name="Before">Messages of the campaign that waited when the first password came.</param>
/// <param name="After">And when the last had left.</param>
internal sealed record LaneFigures(Latencies Alone, Latencies Behind, int Before, int After);

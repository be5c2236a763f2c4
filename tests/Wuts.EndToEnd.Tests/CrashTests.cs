using System.Net;
using System.Text.Json.Nodes;
using Wuts.Testing;
using Xunit.Abstractions;

namespace Wuts.EndToEnd.Tests;

/// <summary>kill -9 in the middle of the work. Judged from two logs that know nothing of each other: ours and the network's.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Devices = 20;

    [Fact]
    public async Task Ten_kills_lose_nothing_and_double_nothing_that_is_not_flagged_uncertain()
    {
        await using var wuts = new WutsProcess();
        await KillAndCompareAsync(wuts, kills: 10, messagesPerDevice: 50);
    }

    [PostgreSqlFact]
    public async Task Nor_do_kills_on_PostgreSQL()
    {
        var server = await PostgreSqlServer.Shared;
        await using var wuts = new WutsProcess("--storage", "postgres", "--connection-string", await server.CreateDatabaseAsync());
        await KillAndCompareAsync(wuts, kills: 4, messagesPerDevice: 20);
    }

    private async Task KillAndCompareAsync(WutsProcess wuts, int kills, int messagesPerDevice)
    {
        Assert.True(await wuts.StartAsync(), wuts.Output);
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var (token, devices) = await Prepare(wuts);
        await wuts.CallAsync(HttpMethod.Put, "/simulator/faults", new { latency_ms = new { min = 20, max = 60 }, seed });

        // One client a device, each message after the answer to the one before, the same key until it is answered.
        var senders = devices.Select(async (device, d) =>
        {
            var ids = new List<string>();
            for (var m = 0; m < messagesPerDevice; m++)
            {
                ids.Add(await SendUntilAccepted(wuts, token, device, d, m, held: false));
            }

            return ids;
        }).ToArray();
        for (var kill = 0; kill < kills; kill++)
        {
            await Task.Delay(chance.Next(100, 1500)); // when the kill comes is the point of the test, not a wait for anything
            await wuts.KillAsync();
            Assert.True(await wuts.StartAsync(), wuts.Output);
        }

        var accepted = await Task.WhenAll(senders);

        // The same request once more, now held, answers when the message has left or its fate is known.
        await Task.WhenAll(devices.Select(async (device, d) =>
        {
            for (var m = 0; m < messagesPerDevice; m++)
            {
                Assert.Equal(accepted[d][m], await SendUntilAccepted(wuts, token, device, d, m, held: true));
            }
        }));

        var network = (await wuts.ReadNetworkLogAsync()).Where(e => (string)e["kind"]! == "accepted").ToLookup(e => (string)e["id"]!);
        var uncertain = 0;
        foreach (var id in accepted.SelectMany(ids => ids))
        {
            var ours = await wuts.CallAsync(HttpMethod.Get, $"/messages/{id}", token: token);
            var flagged = (bool)ours["uncertain"]!;
            uncertain += flagged ? 1 : 0;
            var state = (string)ours["state"]!;
            Assert.True(network[id].Count() == 1 || flagged, $"{id} reached the network {network[id].Count()} times and is {state}");
            Assert.True(state is "sent" or "delivered" or "read" || flagged, $"{id} is {state}");
        }

        for (var d = 0; d < Devices; d++)
        {
            var order = network.SelectMany(e => e).Where(e => accepted[d].Contains((string)e["id"]!)).OrderBy(e => (long)e["seq"]!);
            Assert.Equal(accepted[d].Where(network.Contains), order.Select(e => (string)e["id"]!).Distinct());
        }

        output.WriteLine($"{Devices * messagesPerDevice} accepted, {network.Count} reached the network, {uncertain} were uncertain at some time, {kills} kills");
    }

    private static async Task<(string Token, string[] Devices)> Prepare(WutsProcess wuts)
    {
        var registered = await wuts.CallAsync(
            HttpMethod.Post, "/register", new { tenant_name = "Crash", email = "crash@example.com", password = "correct horse" }, WutsProcess.MasterToken);
        var token = (string)registered["token"]!;
        var devices = await Task.WhenAll(Enumerable.Range(0, Devices).Select(async d =>
        {
            var device = (string)(await wuts.CallAsync(HttpMethod.Post, "/devices", new { name = $"device {d}" }, token))["device"]!["id"]!;
            var qr = (string)(await wuts.CallAsync(HttpMethod.Get, $"/qr?device_id={device}", token: token))["data"]!["qr_code"]!;
            var phone = $"55119999{d:00000}";
            await wuts.CallAsync(HttpMethod.Post, "/simulator/phones", new { number = phone });
            await wuts.CallAsync(HttpMethod.Post, $"/simulator/phones/{phone}/scan", new { qr_code = qr });
            await wuts.CallAsync(HttpMethod.Post, $"/connect?device_id={device}", token: token);
            return device;
        }));
        return (token, devices);
    }

    private static async Task<string> SendUntilAccepted(WutsProcess wuts, string token, string device, int d, int m, bool held)
    {
        while (true)
        {
            try
            {
                using var response = await wuts.SendAsync(
                    HttpMethod.Post,
                    "/send/text",
                    new { number = $"55118888{d:00000}", text = $"message {m}", typingDuration = 0, device_id = device },
                    token,
                    [("Idempotency-Key", $"{d}-{m}"), .. held ? Array.Empty<(string, string)>() : [("Prefer", "respond-async")]]);
                var text = await response.Content.ReadAsStringAsync();
                if (response.StatusCode is HttpStatusCode.OK || (!held && response.StatusCode == HttpStatusCode.Accepted))
                {
                    return (string)JsonNode.Parse(text)!["message_id"]!;
                }

                Assert.True(response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Accepted, $"{(int)response.StatusCode} {text}");
                await Task.Delay(response.Headers.RetryAfter?.Delta > TimeSpan.Zero ? TimeSpan.FromMilliseconds(200) : TimeSpan.Zero);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50); // the process is down just now, as a client would find it
            }
        }
    }
}

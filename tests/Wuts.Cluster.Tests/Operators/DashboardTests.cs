using System.Net;
using Wuts.EndToEnd.Tests;

namespace Wuts.Cluster.Tests.Operators;

/// <summary>Orleans' dashboard, in the real process: what operators see of the inside, and nobody else.</summary>
public sealed class DashboardTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Without_the_operators_token_there_is_nothing_to_see()
    {
        await using var wuts = await StartAsync();
        foreach (var path in (string[])["/orleans/", "/orleans/DashboardCounters", "/orleans/index.min.js", "/orleans/GrainState"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(wuts, path, token: null));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(wuts, path, token: "not-the-master-token"));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(wuts, "/orleans/", WutsProcess.MasterToken));
    }

    [Fact]
    public async Task What_may_show_texts_of_messages_is_not_there_unless_asked_for()
    {
        await using var wuts = await StartAsync();
        foreach (var path in (string[])["/orleans/Trace", "/orleans/trace", "/orleans/GrainState?grainId=x&grainType=y", "/orleans/grainstate"])
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(wuts, path, WutsProcess.MasterToken));
        }
    }

    [Fact]
    public async Task It_shows_silos_devices_messages_and_calls()
    {
        await using var wuts = await StartAsync();
        var token = await wuts.ReadDemoTokenAsync();

        // It samples, and begins to watch calls when somebody looks.
        using var patience = new CancellationTokenSource(Patience);
        string counters, calls;
        do
        {
            using var sent = await wuts.SendTextAsync(token);
            counters = (await wuts.CallAsync(HttpMethod.Get, "/orleans/DashboardCounters", token: WutsProcess.MasterToken)).ToJsonString();
            calls = (await wuts.CallAsync(HttpMethod.Get, "/orleans/TopGrainMethods", token: WutsProcess.MasterToken)).ToJsonString();
            await Task.Delay(250, patience.Token);
        }
        while (!(counters.Contains("DeviceGrain", StringComparison.Ordinal) && counters.Contains("MessageGrain", StringComparison.Ordinal)
            && calls.Contains("DeviceGrain", StringComparison.Ordinal)));

        Assert.Contains("\"status\":\"Active\"", counters);
    }

    private static async Task<WutsProcess> StartAsync()
    {
        var wuts = new WutsProcess("--demo", "true");
        Assert.True(await wuts.StartAsync(), wuts.Output);
        return wuts;
    }

    private static async Task<HttpStatusCode> StatusAsync(WutsProcess wuts, string path, string? token)
    {
        using var answer = await wuts.SendAsync(HttpMethod.Get, path, null, token);
        return answer.StatusCode;
    }
}

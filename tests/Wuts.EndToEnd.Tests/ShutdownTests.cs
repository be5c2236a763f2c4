using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Wuts.EndToEnd.Tests;

public sealed class ShutdownTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Told_to_stop_it_says_that_it_is_not_ready_and_serves_on_for_its_delay()
    {
        await using var wuts = new WutsProcess("--demo", "true", "--Wuts:ShutdownDelay", Delay.ToString());
        Assert.True(await wuts.StartAsync(), wuts.Output);
        var token = await wuts.ReadDemoTokenAsync();
        using var before = await wuts.SendTextAsync(token);
        Assert.Equal((HttpStatusCode.OK, null), (before.StatusCode, before.Headers.ConnectionClose));

        var told = Stopwatch.StartNew();
        await wuts.TellToStopAsync();
        await wuts.UnreadyAsync();
        using var live = await wuts.SendAsync(HttpMethod.Get, "/health/live", null, null);
        using var sent = await wuts.SendTextAsync(token);

        Assert.Equal((HttpStatusCode.OK, true), (live.StatusCode, live.Headers.ConnectionClose));
        Assert.Equal((HttpStatusCode.OK, true), (sent.StatusCode, sent.Headers.ConnectionClose));
        Assert.Equal("sent", (string)(await sent.Content.ReadFromJsonAsync<JsonNode>())!["status"]!);
        Assert.Equal(0, await wuts.ExitAsync());
        Assert.True(told.Elapsed >= Delay, $"It ended after {told.Elapsed}.");
    }

    [Fact]
    public async Task Told_twice_it_ends_at_once()
    {
        await using var wuts = new WutsProcess("--Wuts:ShutdownDelay", "00:05:00");
        Assert.True(await wuts.StartAsync(), wuts.Output);
        await wuts.TellToStopAsync();
        await wuts.UnreadyAsync();

        await wuts.TellToStopAsync();

        Assert.Equal(0, await wuts.ExitAsync().WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Without_a_delay_it_ends_when_it_is_told()
    {
        await using var wuts = new WutsProcess();
        Assert.True(await wuts.StartAsync(), wuts.Output);

        Assert.Equal(0, await wuts.StopAsync().WaitAsync(TimeSpan.FromSeconds(60)));
    }
}

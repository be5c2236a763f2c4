using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Wuts.Api.Tests.Live;

namespace Wuts.Api.Tests.Telemetry;

[Collection(Live.Live.Name)]
public sealed partial class MetricsEndpointTests(LiveServer server)
{
    private static readonly HttpClient Http = new();

    [Theory]
    [InlineData(null)]
    [InlineData("not the metrics token")]
    [InlineData("the-metrics-token-of-these-test")]
    public async Task Without_a_good_token_the_answer_is_the_standard_error(string? token)
    {
        (await server.Client.As(token).Get("/metrics")).IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Fact]
    public async Task A_tenants_token_opens_nothing()
    {
        var tenant = await server.NewTenant();

        (await tenant.Get("/metrics")).IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Theory]
    [InlineData(LiveServer.MetricsToken)]
    [InlineData(LiveServer.MasterToken)]
    public async Task The_metrics_token_and_the_master_token_open_it(string token)
    {
        using var answer = await ScrapeAsync(token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task What_happened_to_a_message_is_in_the_figures()
    {
        var before = await SampleAsync();
        var tenant = await server.NewTenant();
        var (device, _) = await server.NewConnectedDevice(tenant);
        (await tenant.Post("/send/text", new { number = server.NewNumber(), text = "counted", device_id = device, disablePresence = true })).Is(HttpStatusCode.OK);
        await server.Receiver.Next(device, "message.delivered");

        var after = await SampleAsync();

        Assert.All(
            (string[])[
                "wuts_messages_accepted_total", "wuts_messages_dispatched_total", "wuts_messages_sent_total", "wuts_messages_delivered_total",
                "wuts_delivery_latency_seconds_count", "wuts_dispatch_latency_seconds_count",
                "wuts_send_duration_seconds_count{wuts_outcome=\"accepted\",wuts_transport=\"simulator\"}",
                "wuts_storage_flush_duration_seconds_count", "wuts_permits_leased_total",
            ],
            name => Assert.True(after.GetValueOrDefault(name) > before.GetValueOrDefault(name), name));
        Assert.True(after["wuts_devices{wuts_device_state=\"connected\"}"] >= 1);
        Assert.Contains("wuts_queue_depth{wuts_transport=\"simulator\"}", after.Keys);
    }

    [Fact]
    public async Task Every_line_is_in_the_text_format_and_every_name_is_introduced_once()
    {
        using var answer = await ScrapeAsync(LiveServer.MetricsToken);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        var types = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();

        Assert.Equal(string.Empty, lines[^1]);
        Assert.All(lines[..^1], line => Assert.Matches(Line(), line));
        Assert.Equal(types.Count, types.Select(type => type[2]).Distinct().Count());
        Assert.All(types.Where(type => type[3] == "counter"), type => Assert.EndsWith("_total", type[2]));
        Assert.Contains(types, type => type[3] == "histogram");
    }

    private static HttpRequestMessage Request(Uri address, string token) =>
        new(HttpMethod.Get, new Uri(address, "/metrics")) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    private Task<HttpResponseMessage> ScrapeAsync(string token) => Http.SendAsync(Request(server.Client.Address, token));

    private async Task<Dictionary<string, double>> SampleAsync()
    {
        using var answer = await ScrapeAsync(LiveServer.MetricsToken);
        return (await answer.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split("} ") is [var series, var figure] ? (Name: series + "}", Value: figure) : (Name: line.Split(' ')[0], Value: line.Split(' ')[1]))
            .ToDictionary(line => line.Name, line => double.Parse(line.Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^(# HELP [a-z_]+ .+|# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{([a-z_]+=""([^""\\\n]|\\[\\""n])*"",?)+\})? -?([0-9.]+(E[+-]?\d+)?|NaN|\+Inf))$")]
    private static partial Regex Line();
}

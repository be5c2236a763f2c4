using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Wuts.EndToEnd.Tests.Telemetry;

public sealed class TraceTests : IAsyncLifetime
{
    private const string Phone = "5511999990001";
    private const string Recipient = "5511988880001";
    private const string Text = "nobody but the recipient reads this";

    private readonly string _traceId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private Collector _collector = null!;
    private WutsProcess _wuts = null!;
    private string _token = null!;
    private string _device = null!;

    public async Task InitializeAsync()
    {
        _collector = await Collector.StartAsync();
        _wuts = SendingTo(_collector);
        Assert.True(await _wuts.StartAsync(), _wuts.Output);
        await LinkAsync();
    }

    public async Task DisposeAsync()
    {
        await _wuts.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task One_trace_follows_a_message_from_the_request_to_the_network_its_receipts_and_the_webhooks()
    {
        var id = await SendAsync(delay: 0);

        var spans = await _collector.Trace(_traceId, "receipts and webhooks", spans => HasReceiptsAndWebhooks(spans));

        var http = Assert.Single(spans, span => span.Source == "Microsoft.AspNetCore");
        Assert.Equal(("POST /send/text", "/send/text", "202", false), (http.Name, http.Tags["http.route"], http.Tags["http.response.status_code"], http.Tags.ContainsKey("url.path")));
        var device = Only(spans, "wuts.device.send");
        var dispatch = Only(spans, "wuts.message.dispatch");
        var transport = Only(spans, "wuts.transport.send");
        Assert.True(Descends(spans, device, http));
        Assert.True(Descends(spans, dispatch, device));
        Assert.True(Descends(spans, transport, dispatch));
        Assert.All(spans.Where(span => span.Name == "wuts.provider.event"), span => Assert.True(Descends(spans, span, device)));
        Assert.All(spans.Where(span => span.Name == "wuts.webhook.deliver"), span => Assert.True(Descends(spans, span, device)));
        Assert.Contains(spans, delivery => delivery.Name == "wuts.webhook.deliver" && spans.Any(
            receipt => receipt.Name == "wuts.provider.event" && Descends(spans, delivery, receipt)));
        Assert.Contains(spans, span => span.Name == "IMessageGrain/Accept" && Descends(spans, span, device));
        Assert.All(spans.Where(span => span.Source == "Wuts"), span => Assert.Equal(id, span.Tags["messaging.message.id"]));
        Assert.Equal(("simulator", "accepted"), (transport.Tags["wuts.transport"], transport.Tags["wuts.outcome"]));
        Assert.All(spans, span => Assert.Equal(("wuts", false), (span.Service, span.Failed)));
    }

    [Fact]
    public async Task Nothing_secret_is_in_a_trace_and_nothing_of_it_reaches_the_tenants_server()
    {
        await SendAsync(delay: 0);

        var spans = await _collector.Trace(_traceId, "receipts and webhooks", spans => HasReceiptsAndWebhooks(spans));

        var said = spans.SelectMany(span => span.Tags.Values.Append(span.Name)).ToList();
        Assert.DoesNotContain(said, value => value.Contains(Recipient, StringComparison.Ordinal) || value.Contains(Phone, StringComparison.Ordinal));
        Assert.DoesNotContain(said, value => value.Contains(Text, StringComparison.Ordinal));
        Assert.DoesNotContain(said, value => value.Contains(_token, StringComparison.Ordinal));
        Assert.NotEmpty(_collector.WebhookHeaders);
        Assert.All(_collector.WebhookHeaders, names => Assert.DoesNotContain(
            names, name => name.ToLowerInvariant() is "traceparent" or "tracestate" or "baggage" or "correlation-context" or "request-id"));
    }

    [Fact]
    public async Task The_trace_goes_on_after_a_crash_between_acceptance_and_dispatch()
    {
        var id = await SendAsync(delay: 8);
        await _collector.Trace(_traceId, "the acceptance", spans => spans.Any(span => span.Name == "wuts.device.send"));

        await _wuts.KillAsync();
        Assert.True(await _wuts.StartAsync(), _wuts.Output);

        var spans = await _collector.Trace(_traceId, "receipts and webhooks", spans => HasReceiptsAndWebhooks(spans));
        var dispatch = Only(spans, "wuts.message.dispatch");
        Assert.Equal(id, dispatch.Tags["messaging.message.id"]);
        Assert.Equal(Only(spans, "wuts.device.send").SpanId, dispatch.ParentId);
    }

    [Fact]
    public async Task Probes_and_scrapes_and_what_nobody_asked_for_make_no_traces_and_metrics_are_pushed()
    {
        await SendAsync(delay: 0);
        await _wuts.CallAsync(HttpMethod.Get, "/health/ready", null, null, ("traceparent", $"00-{_traceId}-00f067aa0ba902b7-01"));
        using var scrape = await _wuts.SendAsync(HttpMethod.Get, "/metrics", null, WutsProcess.MasterToken, ("traceparent", $"00-{_traceId}-00f067aa0ba902b7-01"));

        var spans = await _collector.Trace(_traceId, "receipts and webhooks", spans => HasReceiptsAndWebhooks(spans));

        Assert.Single(spans, span => span.Source == "Microsoft.AspNetCore");
        Assert.Contains("wuts_messages_accepted_total", await scrape.Content.ReadAsStringAsync());
        await _collector.Metric("wuts.messages.accepted");
    }

    [Fact]
    public async Task The_log_is_json_with_event_ids_and_the_trace_of_each_line()
    {
        await _wuts.CallAsync(
            HttpMethod.Post, $"/disconnect?device_id={_device}", null, _token, ("traceparent", $"00-{_traceId}-00f067aa0ba902b7-01"));

        var line = await LineOf(2001, _traceId);

        Assert.Equal("Information", (string?)line["LogLevel"]);
        Assert.Equal("Wuts.Grains.Devices.DeviceGrain", (string?)line["Category"]);
        Assert.Equal("Disconnected", (string?)line["State"]!["State"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string?)line["Timestamp"]);
    }

    // The console's writer is a thread of its own: a line may come after the answer to the request that caused it.
    private Task<JsonNode> LineOf(int eventId, string traceId) => _wuts.Written($"a line of event {eventId} in trace {traceId}", output => output
        .Split('\n', StringSplitOptions.TrimEntries)
        .Where(line => line.StartsWith('{') && line.EndsWith('}'))
        .Select(line => JsonNode.Parse(line)!)
        .FirstOrDefault(line =>
            (int?)line["EventId"] == eventId && line["Scopes"]?.AsArray().Any(scope => (string?)scope!["TraceId"] == traceId) == true));

    private static WutsProcess SendingTo(Collector collector)
    {
        var wuts = new WutsProcess(
            "--Wuts:Telemetry:OtlpEndpoint", collector.Url, "--Logging:Console:FormatterName", "json",
            "--Wuts:Simulator:Faults:LatencyMs:Min", "1", "--Wuts:Simulator:Faults:LatencyMs:Max", "5",
            "--Wuts:Simulator:Faults:ReadLatencyMs:Min", "1", "--Wuts:Simulator:Faults:ReadLatencyMs:Max", "5");
        wuts.Environment["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        wuts.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        return wuts;
    }

    private async Task LinkAsync()
    {
        var registered = await _wuts.CallAsync(
            HttpMethod.Post, "/register", new { tenant_name = "Traced", email = "traced@example.com", password = "correct horse" }, WutsProcess.MasterToken);
        _token = (string)registered["token"]!;
        _device = (string)(await _wuts.CallAsync(HttpMethod.Post, "/devices", new { name = "a device" }, _token))["device"]!["id"]!;
        await _wuts.CallAsync(
            HttpMethod.Post, "/webhook", new { webhook_url = $"{_collector.Url}/hook", enabled_events = (string[])["*"], device_id = _device }, _token);
        var qr = (string)(await _wuts.CallAsync(HttpMethod.Get, $"/qr?device_id={_device}", token: _token))["data"]!["qr_code"]!;
        await _wuts.CallAsync(HttpMethod.Post, "/simulator/phones", new { number = Phone });
        await _wuts.CallAsync(HttpMethod.Post, $"/simulator/phones/{Phone}/scan", new { qr_code = qr });
        await _collector.Webhook("device.connected");
    }

    private async Task<string> SendAsync(int delay) => (string)(await _wuts.CallAsync(
        HttpMethod.Post,
        "/send/text",
        new { number = Recipient, text = Text, delay, disablePresence = true },
        _token,
        ("traceparent", $"00-{_traceId}-00f067aa0ba902b7-01"),
        ("Prefer", "respond-async")))["message_id"]!;

    private static bool HasReceiptsAndWebhooks(ImmutableArray<ReceivedSpan> spans) =>
        spans.Count(span => span.Name == "wuts.webhook.deliver") >= 3
        && spans.Any(span => span.Name == "wuts.provider.event")
        && spans.Any(span => span.Name == "wuts.message.dispatch");

    private static ReceivedSpan Only(ImmutableArray<ReceivedSpan> spans, string name) => Assert.Single(spans, span => span.Name == name);

    private static bool Descends(ImmutableArray<ReceivedSpan> spans, ReceivedSpan span, ReceivedSpan ancestor) =>
        span.ParentId == ancestor.SpanId || spans.Any(parent => parent.SpanId == span.ParentId && Descends(spans, parent, ancestor));
}

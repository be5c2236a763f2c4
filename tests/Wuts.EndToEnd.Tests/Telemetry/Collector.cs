using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Wuts.EndToEnd.Tests.Telemetry;

/// <summary>An OpenTelemetry collector (OTLP over HTTP, protobuf) and, beside it, a tenant's server that keeps the headers of its webhooks.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedSpan> _spans = [];
    private readonly ConcurrentQueue<(string Type, string[] Headers)> _webhooks = [];
    private readonly ConcurrentDictionary<string, bool> _metrics = [];
    private readonly WebApplication _app;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Collector(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>The names of the headers of each webhook that came.</summary>
    public ImmutableArray<string[]> WebhookHeaders => [.. _webhooks.Select(webhook => webhook.Headers)];

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector._app.MapPost("/v1/traces", collector.TakeTracesAsync);
        collector._app.MapPost("/v1/metrics", collector.TakeMetricsAsync);
        collector._app.MapPost("/hook", collector.TakeWebhookAsync);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Waits until the spans of a trace are what the test wants, and returns them.</summary>
    public async Task<ImmutableArray<ReceivedSpan>> Trace(string traceId, string what, Func<ImmutableArray<ReceivedSpan>, bool> isThere)
    {
        ImmutableArray<ReceivedSpan> spans = [];
        await Until(() => isThere(spans = [.. _spans.Where(span => span.TraceId == traceId)]), () => $"{what} in the trace of {string.Join(", ", spans.Select(s => s.Name))}");
        return spans;
    }

    /// <summary>Waits until a metric was pushed.</summary>
    public Task Metric(string name) => Until(() => _metrics.ContainsKey(name), () => $"the metric {name}");

    /// <summary>Waits until a webhook of this type came.</summary>
    public Task Webhook(string type) => Until(() => _webhooks.Any(webhook => webhook.Type == type), () => $"a webhook {type}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeTracesAsync(HttpRequest request)
    {
        foreach (var span in ReceivedSpan.ReadRequest(await ReadAsync(request)))
        {
            _spans.Enqueue(span);
        }

        Tell();
    }

    private async Task TakeMetricsAsync(HttpRequest request)
    {
        // ExportMetricsServiceRequest: resource metrics, their scope metrics, their metrics, of which the first field is the name.
        var names = from resource in ProtobufField.Read(await ReadAsync(request)).Where(f => f.Number == 1)
                    from scope in resource.Fields.Where(f => f.Number == 2)
                    from metric in scope.Fields.Where(f => f.Number == 2)
                    select metric.Fields.First(f => f.Number == 1).Text;
        foreach (var name in names)
        {
            _metrics[name] = true;
        }

        Tell();
    }

    private async Task TakeWebhookAsync(HttpRequest request)
    {
        var body = JsonNode.Parse(await ReadAsync(request))!;
        _webhooks.Enqueue(((string)body["event"]!, [.. request.Headers.Keys]));
        Tell();
    }

    private void Tell() => Interlocked.Exchange(ref _news, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    private async Task Until(Func<bool> isThere, Func<string> what)
    {
        while (true)
        {
            var news = Volatile.Read(ref _news).Task;
            if (isThere())
            {
                return;
            }

            try
            {
                await news.WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"There never came {what()}.");
            }
        }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}

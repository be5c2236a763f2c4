using System.Security.Cryptography;
using Wuts.Cluster.Tests.Faults;
using Wuts.EndToEnd.Tests;
using Wuts.EndToEnd.Tests.Load;
using Wuts.EndToEnd.Tests.Telemetry;
using Wuts.Testing;

namespace Wuts.Cluster.Tests.Operators;

/// <summary>A trace does not end where a process does.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TraceTests
{
    private static readonly string[] Expected =
        ["POST /send/text", "wuts.device.send", "wuts.message.dispatch", "wuts.transport.send", "wuts.provider.event", "wuts.webhook.deliver"];

    [PostgreSqlFact]
    public async Task One_trace_follows_a_message_through_gateway_silo_network_and_receiver()
    {
        await using var collector = await Collector.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var site = await ClusterSite.CreateAsync(settings: [("WUTS__TELEMETRY__OTLPENDPOINT", collector.Url)]);
        await site.StartAsync();
        var tenant = await Tenant.RegisterAsync(site, receiver, devices: 1);
        var trace = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

        await site.Gateways[1].CallAsync(
            HttpMethod.Post,
            "/send/text",
            new Order(tenant.Devices[0].Id, "5511988880001", "hello", TimeSpan.Zero).Body,
            tenant.Token,
            ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));

        var spans = await collector.Trace(trace, string.Join(", ", Expected), spans => Expected.All(name => spans.Any(span => span.Name == name)));
        Assert.All(spans, span => Assert.False(span.Failed));
    }
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wuts.Server.Telemetry;

namespace Wuts.Api.Tests.Telemetry;

public sealed class TelemetryExportTests
{
    [Fact]
    public async Task A_host_does_not_tell_the_figures_of_another_in_the_same_process()
    {
        await using var own = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = own.GetRequiredService<IMeterFactory>();
        using var export = new TelemetryExport(Options.Create(new TelemetryOptions()), new ConfigurationBuilder().Build(), factory);
        await export.StartAsync(CancellationToken.None);

        for (var others = 0; others < 2; others++)
        {
            await using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
            Record(other.GetRequiredService<IMeterFactory>());
            Record(factory);
        }

        var line = Assert.Single(export.Scrape().Split('\n'), line => line.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal));
        Assert.Equal("http_server_request_duration_seconds_count{http_route=\"/send/text\"} 2", line);
    }

    private static void Record(IMeterFactory factory) => factory.Create("Microsoft.AspNetCore.Hosting")
        .CreateHistogram<double>("http.server.request.duration", "s").Record(0.1, new KeyValuePair<string, object?>("http.route", "/send/text"));
}

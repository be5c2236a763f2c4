using System.Diagnostics;
using OpenTelemetry.Trace;
using Wuts.Server.Telemetry;

namespace Wuts.Api.Tests.Telemetry;

public sealed class EdgeSamplerTests
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void A_request_is_traced_by_the_ratio_whatever_its_client_says(double ratio, bool traced)
    {
        Assert.Equal(traced, IsSampled(ratio, Request, parent: default));
        Assert.Equal(traced, IsSampled(ratio, Request, Remote(ActivityTraceFlags.Recorded)));
    }

    [Fact]
    public void What_another_process_has_not_traced_is_not_traced_here() =>
        Assert.False(IsSampled(1, "wuts.message.dispatch", Remote(ActivityTraceFlags.None)));

    [Fact]
    public void A_call_to_a_grain_is_traced_only_in_the_trace_of_something_else()
    {
        Assert.False(IsSampled(1, "IWebhookEndpointGrain/Wake", parent: default));
        Assert.True(IsSampled(1, "IMessageGrain/Record", Remote(ActivityTraceFlags.Recorded)));
    }

    [Theory]
    [InlineData("/metrics", false)]
    [InlineData("/health/ready", false)]
    [InlineData("/healthy", true)]
    [InlineData("/send/text", true)]
    public void Probes_and_scrapes_are_not_traced(string path, bool traced) =>
        Assert.Equal(traced, IsSampled(1, Request, Remote(ActivityTraceFlags.Recorded), new KeyValuePair<string, object?>("url.path", path)));

    private static ActivityContext Remote(ActivityTraceFlags flags) => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);

    private static bool IsSampled(double ratio, string name, ActivityContext parent, params KeyValuePair<string, object?>[] tags)
    {
        var traceId = parent.TraceId == default ? ActivityTraceId.CreateRandom() : parent.TraceId;
        return new EdgeSampler(ratio).ShouldSample(new SamplingParameters(parent, traceId, name, ActivityKind.Server, tags)).Decision == SamplingDecision.RecordAndSample;
    }
}

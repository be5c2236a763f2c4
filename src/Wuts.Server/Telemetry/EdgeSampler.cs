using OpenTelemetry.Trace;

namespace Wuts.Server.Telemetry;

/// <summary>
/// Traces a share of the requests that come in from outside. Whoever continues a trace decides by its id alone: so all processes decide
/// alike, also for a message that is stored meanwhile, and a client that marks its own traces as sampled does not raise the share.
/// </summary>
internal sealed class EdgeSampler(double ratio) : Sampler
{
    private readonly ParentBasedSampler _share = new(new TraceIdRatioBasedSampler(ratio), remoteParentSampled: new TraceIdRatioBasedSampler(ratio));

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => IsOurOwnDoing(samplingParameters) || IsProbe(samplingParameters)
        ? new SamplingResult(SamplingDecision.Drop)
        : _share.ShouldSample(samplingParameters);

    // A call to a grain that no request caused: a timer's or a sweep's. There is no end of those.
    private static bool IsOurOwnDoing(in SamplingParameters span) =>
        span.ParentContext.TraceId == default && span.Name.Contains("Grain/", StringComparison.Ordinal);

    private static bool IsProbe(in SamplingParameters span)
    {
        foreach (var tag in span.Tags ?? [])
        {
            if (tag is { Key: RequestSpans.PathTag, Value: string path })
            {
                return path == "/metrics" || path.StartsWith("/health/", StringComparison.Ordinal);
            }
        }

        return false;
    }
}

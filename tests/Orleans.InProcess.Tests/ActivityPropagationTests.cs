using System.Collections.Concurrent;
using System.Diagnostics;
using Orleans.Hosting;
using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

public sealed class ActivityPropagationTests : IClassFixture<TracedSilo>, IDisposable
{
    private readonly TracedSilo _silo;
    private readonly ActivitySource _source = new($"test {Guid.NewGuid():N}");
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public ActivityPropagationTests(TracedSilo silo)
    {
        _silo = silo;
        _listener = new()
        {
            ShouldListenTo = source => source.Name == _source.Name || source.Name.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task A_call_and_the_calls_it_makes_are_spans_of_the_callers_trace()
    {
        using var outer = _source.StartActivity("outer")!;

        var there = await Grain().GetTraceThrough(SiloFixture.NewKey());

        Assert.Equal(outer.TraceId.ToString(), there);
        Assert.Equal(
            ["ITracedGrain/GetTrace", "ITracedGrain/GetTraceThrough"],
            Of(outer).Where(span => span.Kind == ActivityKind.Server && Descends(span, outer)).Select(span => span.DisplayName).Order());
    }

    [Fact]
    public async Task Also_a_call_of_a_client_is()
    {
        using var outer = _source.StartActivity("outer")!;

        Assert.Equal(outer.TraceId.ToString(), await _silo.Cluster.Client.GetGrain<ITracedGrain>(SiloFixture.NewKey()).GetTrace());
    }

    [Fact]
    public async Task What_the_caller_is_in_the_middle_of_does_not_stay_with_the_grain()
    {
        var grain = Grain();
        string first;
        using (var outer = _source.StartActivity("outer")!)
        {
            first = (await grain.GetTrace())!;
        }

        Assert.NotEqual(first, await grain.GetTrace());
    }

    [Fact]
    public async Task The_callers_own_span_is_current_again_after_the_call()
    {
        using var outer = _source.StartActivity("outer")!;

        await Grain().GetTrace();

        Assert.Same(outer, Activity.Current);
    }

    [Fact]
    public async Task A_call_that_throws_leaves_a_span_that_says_so()
    {
        using var outer = _source.StartActivity("outer")!;

        await Assert.ThrowsAsync<InvalidOperationException>(() => Grain().Fail());

        Assert.Contains(Of(outer), span => span is { DisplayName: "ITracedGrain/Fail", Kind: ActivityKind.Server, Status: ActivityStatusCode.Error });
    }

    [Fact]
    public async Task Without_a_listener_a_call_has_no_span()
    {
        _listener.Dispose();

        Assert.Null(await Grain().GetTrace());
    }

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }

    private ITracedGrain Grain() => _silo.Grains.GetGrain<ITracedGrain>(SiloFixture.NewKey());

    private Activity[] Of(Activity outer) => [.. _ended.Where(span => span.TraceId == outer.TraceId)];

    private bool Descends(Activity span, Activity ancestor) =>
        span.ParentSpanId == ancestor.SpanId || Of(ancestor).Any(parent => parent.SpanId == span.ParentSpanId && Descends(parent, ancestor));
}

public sealed class TracedSilo : SiloFixture
{
    protected override void Configure(ISiloBuilder silo)
    {
        base.Configure(silo);
        silo.AddActivityPropagation();
    }

    protected override void Configure(IClientBuilder client) => client.AddActivityPropagation();
}

public interface ITracedGrain : IGrainWithStringKey
{
    Task<string?> GetTrace();

    Task<string?> GetTraceThrough(string other);

    Task Fail();
}

internal sealed class TracedGrain : Grain, ITracedGrain
{
    public Task<string?> GetTrace() => Task.FromResult(Activity.Current?.TraceId.ToString());

    public Task<string?> GetTraceThrough(string other) => GrainFactory.GetGrain<ITracedGrain>(other).GetTrace();

    public Task Fail() => throw new InvalidOperationException("as the test wants it");
}

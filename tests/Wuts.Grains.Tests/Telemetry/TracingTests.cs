using System.Collections.Concurrent;
using System.Diagnostics;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Grains.Tests.Telemetry;

public sealed class TracingTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityContext _request = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Where_nobody_listens_nothing_is_stored_of_a_trace()
    {
        var (key, device) = await _cluster.NewDevice();
        using var request = new Activity("a request").SetParentId(_request.TraceId, _request.SpanId, ActivityTraceFlags.Recorded).Start();

        var id = await SendAsync(device, "hello");

        Assert.Null((await _cluster.Messages.FindAsync(ClusterFixture.Tenant, id))!.Envelope.TraceParent);
        Assert.All(_cluster.Database.EventsOf(ClusterFixture.EndpointOf(key)), e => Assert.Null(e.TraceParent));
    }

    [Fact]
    public async Task The_trace_of_the_request_travels_with_the_message_and_its_events()
    {
        var (key, device) = await _cluster.NewDevice();
        using var listener = Listen();
        string id;
        using (var source = new ActivitySource("test"))
        using (source.StartActivity("a request", ActivityKind.Server, _request))
        {
            id = await SendAsync(device, "hello");
        }

        await device.Handle([new DeviceEvent.Receipt(id, new(DeliveryStage.Delivered, _cluster.Clock.GetUtcNow()))]);

        var stored = (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, id))!.Envelope.TraceParent;
        Assert.Equal(Span("wuts.device.send").Id, stored);
        Assert.Equal(Span("wuts.device.send").SpanId, Span("wuts.message.dispatch").ParentSpanId);
        Assert.Equal(Span("wuts.message.dispatch").SpanId, Span("wuts.transport.send").ParentSpanId);
        Assert.Equal(ActivityStatusCode.Unset, Span("wuts.transport.send").Status);
        Assert.Equal(Span("wuts.device.send").SpanId, Span("wuts.provider.event").ParentSpanId);
        var events = _cluster.Database.EventsOf(ClusterFixture.EndpointOf(key)).Where(e => e.Message is not null).ToList();
        Assert.Equal(2, events.Count);
        Assert.All(events, e => Assert.Equal(_request.TraceId, ActivityContext.Parse(e.TraceParent!, null).TraceId));
    }

    [Fact]
    public async Task What_went_wrong_is_the_status_of_the_span_by_its_code_and_not_its_sentence()
    {
        var (key, device) = await _cluster.NewDevice();
        _cluster.Transport.Answer(key, _ => Task.FromResult<SendOutcome>(
            new SendOutcome.Refused(new("131026", FailureClass.Recipient, false, "5511988880001 is not on WhatsApp."))));
        using var listener = Listen();
        using var source = new ActivitySource("test");
        using (source.StartActivity("a request", ActivityKind.Server, _request))
        {
            await SendAsync(device, "hello");
        }

        var span = Span("wuts.transport.send");
        Assert.Equal((ActivityStatusCode.Error, "131026"), (span.Status, span.StatusDescription));
        Assert.DoesNotContain(_ended, ended => ended.TagObjects.Any(tag => tag.Value?.ToString()?.Contains("55119", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task A_request_that_is_not_sampled_leaves_no_trace()
    {
        var (_, device) = await _cluster.NewDevice();
        using var listener = Listen();

        var id = await SendAsync(device, "hello");

        Assert.Null((await _cluster.Messages.FindAsync(ClusterFixture.Tenant, id))!.Envelope.TraceParent);
        Assert.Empty(_ended);
    }

    // Takes part in the test's own trace only: other tests of this process go on without a listener.
    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Wuts" or "Microsoft.Orleans.Application" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == _request.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private Activity Span(string name) => Assert.Single(_ended, span => span.OperationName == name && span.TraceId == _request.TraceId);

    private async Task<string> SendAsync(IDeviceGrain device, string text)
    {
        var answer = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command(text, hold: Held)));
        return answer.Message.Envelope.Id;
    }
}

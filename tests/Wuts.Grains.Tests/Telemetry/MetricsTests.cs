using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Grains.Telemetry;

namespace Wuts.Grains.Tests.Telemetry;

public sealed class MetricsTests : IAsyncLifetime
{
    private const string Acme = "wuts.tenant.id=acme";
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private ClusterFixture _cluster = null!;
    private Readings _readings = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync();
        _readings = Readings.Of(_cluster.Service<IMeterFactory>());
    }

    public async Task DisposeAsync()
    {
        _readings.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task The_life_of_a_message_is_counted_once_and_repeats_apart()
    {
        var (_, device) = await _cluster.NewDevice();
        var id = await SendAsync(device, "hello");
        _cluster.Clock.Advance(TimeSpan.FromSeconds(7));
        var delivered = new DeviceEvent.Receipt(id, new(DeliveryStage.Delivered, _cluster.Clock.GetUtcNow()));
        var read = new DeviceEvent.Receipt(id, new(DeliveryStage.Read, _cluster.Clock.GetUtcNow()));

        await device.Handle([delivered, read, read]);
        await device.Handle([delivered, new DeviceEvent.Receipt("3EB0AAAAAAAAAAAAAAAAAAAA", new(DeliveryStage.Read, _cluster.Clock.GetUtcNow()))]);

        Assert.All(
            (string[])["accepted", "dispatched", "sent", "delivered", "read"],
            name => Assert.Equal(1, _readings.Sum($"wuts.messages.{name}", Acme)));
        Assert.Equal(2, _readings.Sum("wuts.receipts.duplicates"));
        Assert.Equal(1, _readings.Sum("wuts.receipts.orphans"));
        Assert.Equal([7], _readings.Of("wuts.delivery.latency"));
        Assert.Equal([0], _readings.Of("wuts.dispatch.latency"));
        Assert.Single(_readings.Of("wuts.send.duration"));
    }

    [Fact]
    public async Task A_failure_is_counted_by_its_class_and_an_unknown_outcome_as_uncertain()
    {
        var (key, device) = await _cluster.NewDevice();
        _cluster.Transport.Answer(key, _ => Task.FromResult<SendOutcome>(new SendOutcome.Refused(new("131026", FailureClass.Recipient, false, "Not on WhatsApp."))));
        await SendAsync(device, "refused");
        _cluster.Transport.Answer(key, _ => Task.FromResult<SendOutcome>(new SendOutcome.Unknown("the line broke")));
        await SendAsync(device, "unknown", chat: "5511988880002");

        Assert.Equal(1, _readings.Sum("wuts.messages.failed", $"{Acme} wuts.failure.class=recipient"));
        Assert.Equal(1, _readings.Sum("wuts.messages.uncertain", Acme));
        Assert.Equal(1, _readings.Now("wuts.queue.doubtful", $"wuts.transport=recording {Acme}"));
    }

    [Fact]
    public async Task Depth_and_age_of_the_queues_are_those_of_the_moment_and_go_back_to_zero()
    {
        var (key, device) = await _cluster.NewDevice();
        var answer = new TaskCompletionSource<SendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Transport.Answer(key, _ => answer.Task);
        var first = device.Send(_cluster.Command("one", hold: Held));
        var sent = await _cluster.Transport.NextSent();
        await device.Send(_cluster.Command("two"));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(2, _readings.Now("wuts.queue.depth", $"wuts.transport=recording {Acme}"));
        Assert.Equal(3, _readings.Now("wuts.queue.age", $"wuts.transport=recording {Acme}"));
        Assert.Equal(1, _readings.Now("wuts.devices", "wuts.device.state=connected"));

        answer.SetResult(_cluster.Transport.Taken(sent));
        await first;
        var second = await _cluster.Transport.NextSent();
        await _cluster.Message(second.ProviderId).WaitUntilDispatched(Held);
        await device.Send(_cluster.Command("three", hold: Held)); // after it, the second has left the queue too

        Assert.Equal(0, _readings.Now("wuts.queue.depth", $"wuts.transport=recording {Acme}"));
        Assert.Equal(0, _readings.Now("wuts.queue.age", $"wuts.transport=recording {Acme}"));
        Assert.Equal([3], _readings.Of("wuts.device.pace"));
    }

    [Fact]
    public async Task A_refused_write_of_a_replaced_activation_is_counted()
    {
        var (key, device) = await _cluster.NewDevice();
        await _cluster.Devices.RaiseEpochAsync(key);

        await Assert.ThrowsAnyAsync<Exception>(() => device.Send(_cluster.Command("refused by the fence", hold: Held)));

        Assert.Equal(1, _readings.Sum("wuts.fence.refused", "wuts.write=accept"));
    }

    [Theory]
    [InlineData(0, null, null, null)]
    [InlineData(1, "a", "other", "other")]
    [InlineData(2, "a", "b", "other")]
    public void Only_as_many_tenants_are_told_apart_as_the_operator_allows(int allowed, string? first, string? second, string? third)
    {
        var tag = new TenantTag(Options.Create(new MetricOptions { Tenants = allowed }));

        Assert.Equal((first, second, third, first), (tag.Of("a"), tag.Of("b"), tag.Of("c"), tag.Of("a")));
    }

    private async Task<string> SendAsync(IDeviceGrain device, string text, string chat = "5511988880001")
    {
        var answer = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command(text, chat, hold: Held)));
        return answer.Message.Envelope.Id;
    }
}

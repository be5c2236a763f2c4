using System.Text.Json;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Testing.Memory;

namespace Wuts.Grains.Tests;

public sealed class WebhookDeliveryTests : IAsyncLifetime
{
    private ClusterFixture _cluster = null!;
    private ScriptedReceiver _receiver = null!;
    private DeviceKey _key = null!;
    private IDeviceGrain _device = null!;

    private MemoryWebhookStore Store => new MemoryWebhookStore(_cluster.Database);

    private string EndpointId => ClusterFixture.EndpointOf(_key);

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _cluster = await ClusterFixture.StartAsync();
        (_key, _device) = await _cluster.NewDevice(
            configure: e => e with { Url = _receiver.Url, Events = [WebhookEvents.MessageSent, WebhookEvents.MessageDelivered, WebhookEvents.MessageRead] });
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Each_transition_reaches_the_endpoint_once()
    {
        var id = await SendOne("hello");
        var now = _cluster.Clock.GetUtcNow();
        await _device.Handle(
        [
            new DeviceEvent.Receipt(id, new(DeliveryStage.Delivered, now)),
            new DeviceEvent.Receipt(id, new(DeliveryStage.Read, now)),
            new DeviceEvent.Receipt(id, new(DeliveryStage.Read, now)),
        ]);

        Assert.Equal(
            [WebhookEvents.MessageDelivered, WebhookEvents.MessageRead, WebhookEvents.MessageSent],
            new[] { await NextType(), await NextType(), await NextType() }.Order());
        Assert.True(_receiver.NothingCame);
    }

    [Fact]
    public async Task A_failed_delivery_is_tried_again_on_the_schedule_with_the_same_id()
    {
        var failures = 2;
        _receiver.Answer = _ => failures-- > 0 ? 500 : 200;

        await SendOne("hello");
        var first = await _receiver.Next();
        await RetryIsDue(attempts: 1, TimeSpan.FromSeconds(5));
        var second = await _receiver.Next();
        await RetryIsDue(attempts: 2, TimeSpan.FromMinutes(5));
        var third = await _receiver.Next();

        Assert.Equal([first.WebhookId, first.WebhookId], [second.WebhookId, third.WebhookId]);
    }

    [Fact]
    public async Task An_event_whose_attempts_ran_out_is_kept_as_a_dead_letter_and_holds_nothing_up()
    {
        await Configure(e => e with { Retries = 0 });
        _receiver.Answer = got => got.Body.Contains("poison") ? 500 : 200;

        await SendOne("poison");
        await _receiver.Next();
        await SendOne("fine");

        Assert.Contains("fine", (await _receiver.Next()).Body);
        await _cluster.Database.Until("a dead letter", async () => (await Store.ListDeadLettersAsync(ClusterFixture.Tenant, EndpointId, 10)).Length == 1);
        var dead = Assert.Single(await Store.ListDeadLettersAsync(ClusterFixture.Tenant, EndpointId, 10));
        Assert.Equal((1, 500), (dead.Attempts, dead.LastStatus));
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_disabled_and_told_nothing_more()
    {
        _receiver.Answer = _ => 410;

        await SendOne("last");
        await _receiver.Next();
        await _cluster.Database.Until("a disabled endpoint", async () => (await Store.FindAsync(ClusterFixture.Tenant, EndpointId))!.Enabled == false);
        await SendOne("unheard");

        Assert.True(_receiver.NothingCame);
    }

    [Fact]
    public async Task A_dead_endpoint_is_not_tried_for_every_event()
    {
        _receiver.Answer = _ => 503;

        for (var i = 0; i < EndpointCircuit.Threshold + 20; i++)
        {
            await SendOne($"message {i}");
        }

        for (var i = 0; i < EndpointCircuit.Threshold; i++)
        {
            await _receiver.Next();
        }

        // What was under way together may fail together; the rest waits in the outbox without a row or an attempt.
        var tried = _cluster.Database.EventsOf(EndpointId).Length;
        await _cluster.Database.Until("the first retries", async () => (await Store.ReadRetriesAsync(ClusterFixture.Tenant, EndpointId, DateTimeOffset.MaxValue, 100)).Length >= EndpointCircuit.Threshold);
        var retries = await Store.ReadRetriesAsync(ClusterFixture.Tenant, EndpointId, DateTimeOffset.MaxValue, 100);
        Assert.InRange(retries.Length, EndpointCircuit.Threshold, EndpointCircuit.Threshold + 8);
        Assert.True(tried > retries.Length);
    }

    private async Task Configure(Func<WebhookEndpoint, WebhookEndpoint> change)
    {
        await Store.PutAsync(change((await Store.FindByDeviceAsync(ClusterFixture.Tenant, _key.DeviceId))!));
        await _cluster.Endpoint(EndpointId).Reload();
    }

    private async Task<string> SendOne(string text)
    {
        var answer = Assert.IsType<SendAnswer.Accepted>(await _device.Send(_cluster.Command(text, hold: TimeSpan.FromSeconds(20))));
        return answer.Message.Envelope.Id;
    }

    private async Task<string> NextType() => JsonDocument.Parse((await _receiver.Next()).Body).RootElement.GetProperty("event").GetString()!;

    /// <summary>Waits until a retry is stored, and the grain is to wake for it; then lets that time come.</summary>
    /// <param name="wait">The schedule's, to which at most a tenth of jitter is added.</param>
    private async Task RetryIsDue(int attempts, TimeSpan wait)
    {
        await _cluster.Database.Until($"a retry after {attempts} attempts", async () =>
            (await Store.ReadRetriesAsync(ClusterFixture.Tenant, EndpointId, DateTimeOffset.MaxValue, 10)).Any(r => r.Attempts == attempts));
        var left = (await Store.FindNextRetryAsync(EndpointId))!.Value - _cluster.Clock.GetUtcNow();
        Assert.InRange(left, wait, wait * 1.1);
        await _cluster.Clock.TimerArmed(left);
        _cluster.Clock.Advance(left);
    }
}

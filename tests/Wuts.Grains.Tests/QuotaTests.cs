using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Wuts.Domain.Delivery;
using Wuts.Domain.Quotas;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Grains.Tenants;
using Wuts.Testing.Memory;

namespace Wuts.Grains.Tests;

/// <summary>Sends of a tenant with limits.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private readonly HeldCalls _admissions = new(nameof(ITenantGrain.Admit));
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() =>
        _cluster = await ClusterFixture.StartAsync(configure: services => services.AddSingleton<IOutgoingGrainCallFilter>(_admissions));

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Of_many_at_once_over_several_devices_exactly_the_quota_passes_in_each_window()
    {
        var devices = await NewDevices(4);
        await Limit(new() { MessagesPerSecond = 10 });
        for (var window = 0; window < 3; window++)
        {
            var answers = await SendAll(devices, 100, delay: 1000);

            Assert.Equal(10, answers.OfType<SendAnswer.Accepted>().Count());
            Assert.Equal(90, answers.OfType<SendAnswer.QuotaExceeded>().Count());
            Assert.All(answers.OfType<SendAnswer.QuotaExceeded>(), refused => Assert.Equal(["rate"], refused.Violated.AsEnumerable()));
            Assert.All(answers.OfType<SendAnswer.QuotaExceeded>(), refused => Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter));
            Assert.Equal(
                Enumerable.Range(0, 10).Select(left => (long)left),
                answers.OfType<SendAnswer.Accepted>().Select(accepted => Left(accepted, "rate")).Order());
            _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(30, _cluster.Database.Messages.Length);
        Assert.All(_cluster.Database.Messages.GroupBy(message => message.Envelope.AcceptedAt), window => Assert.Equal(10, window.Count()));
    }

    [Fact]
    public async Task A_tenant_without_limits_hears_of_no_quota()
    {
        var device = (await NewDevices(1))[0];

        Assert.Null((await device.Send(_cluster.Command("hello"))).Quota);
        await Limit(new() { Devices = 1, Weight = 3 });
        Assert.Null((await device.Send(_cluster.Command("hello"))).Quota);
    }

    [Fact]
    public async Task A_repeated_message_is_counted_once_and_answered_also_when_nothing_is_left()
    {
        var device = (await NewDevices(1))[0];
        await Limit(new() { MessagesPerDay = 2 });
        var first = _cluster.Command("first", hold: Held);
        var second = _cluster.Command("second", delay: 1000);
        await device.Send(first);
        Assert.Equal(1, Left(await device.Send(first), "daily"));
        _cluster.Clock.Advance(TimeSpan.FromMinutes(3)); // nobody remembers it any more but the database
        Assert.Equal(1, Left(Assert.IsType<SendAnswer.Accepted>(await device.Send(first)), "daily"));
        Assert.Equal(1, Left(Assert.IsType<SendAnswer.KeyReused>(await device.Send(first with { Fingerprint = "another" })), "daily"));

        Assert.Equal(0, Left(await device.Send(second), "daily"));

        Assert.Equal(first.MessageId, Assert.IsType<SendAnswer.Accepted>(await device.Send(first)).Message.Envelope.Id);
        Assert.Equal(0, Left(Assert.IsType<SendAnswer.Accepted>(await device.Send(second)), "daily"));
        Assert.IsType<SendAnswer.KeyReused>(await device.Send(first with { Fingerprint = "another" }));
        Assert.IsType<SendAnswer.QuotaExceeded>(await device.Send(_cluster.Command("third")));
        Assert.Equal(2, _cluster.Database.Messages.Length);
    }

    [Fact]
    public async Task A_message_whose_acceptance_got_no_answer_is_counted_once_with_its_repetition()
    {
        var device = (await NewDevices(1))[0];
        await Limit(new() { MessagesPerDay = 1 });
        var command = _cluster.Command("hello");
        _cluster.Flushes.BeforeWrite = _ => throw new IOException("The database is away.");
        await Assert.ThrowsAnyAsync<Exception>(() => device.Send(command));
        _cluster.Flushes.BeforeWrite = _ => Task.FromResult(WriteFault.None);

        Assert.Equal(0, Left(Assert.IsType<SendAnswer.Accepted>(await device.Send(command)), "daily"));
        Assert.IsType<SendAnswer.QuotaExceeded>(await device.Send(_cluster.Command("another")));
    }

    [Fact]
    public async Task A_message_that_was_counted_for_another_call_with_its_key_stays_counted_though_that_call_is_refused()
    {
        var device = (await NewDevices(1))[0];
        await Limit(new() { MessagesPerDay = 2 });
        var id = MessageId.FromOperation(ClusterFixture.Tenant, "a key");
        var answerOfFirst = _admissions.HoldNextAnswer();
        var first = device.Send(_cluster.Command("one", delay: 100, id: id));
        await _admissions.Held;

        Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("two", delay: 100, id: id)));
        answerOfFirst.SetResult();

        Assert.Equal(1, Left(Assert.IsType<SendAnswer.KeyReused>(await first), "daily"));
        Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("another", delay: 100)));
        Assert.IsType<SendAnswer.QuotaExceeded>(await device.Send(_cluster.Command("one too many", delay: 100)));
    }

    [Fact]
    public async Task A_device_that_is_not_ready_costs_nothing_and_tells_how_the_quotas_stand()
    {
        var (_, device) = await _cluster.NewDevice(connected: false);
        await Limit(new() { MessagesPerDay = 5 });

        Assert.Equal(5, Left(Assert.IsType<SendAnswer.NotReady>(await device.Send(_cluster.Command("hello"))), "daily"));
    }

    [Fact]
    public async Task Midnight_brings_a_new_day()
    {
        var device = (await NewDevices(1))[0];
        await Limit(new() { MessagesPerDay = 1, NewRecipientsPerDay = 1 });
        await device.Send(_cluster.Command("hello"));
        var refused = Assert.IsType<SendAnswer.QuotaExceeded>(await device.Send(_cluster.Command("too many")));
        Assert.Equal(TimeSpan.FromDays(1), refused.RetryAfter); // the clock of the tests starts at midnight

        _cluster.Clock.Advance(TimeSpan.FromDays(1));

        Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("again")));
    }

    [Fact]
    public async Task A_recipient_of_former_days_is_not_new_and_a_stranger_is()
    {
        var device = (await NewDevices(1))[0];
        await device.Send(_cluster.Command("yesterday", chat: "5511988880001", delay: 1));
        _cluster.Clock.Advance(TimeSpan.FromDays(1));
        await Limit(new() { NewRecipientsPerDay = 1 });

        Assert.Equal(1, Left(await device.Send(_cluster.Command("known", chat: "5511988880001")), "new-recipients"));
        Assert.Equal(0, Left(await device.Send(_cluster.Command("stranger", chat: "5511988880002")), "new-recipients"));
        Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("the same", chat: "5511988880002")));
        Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("known", chat: "5511988880001")));
        var refused = Assert.IsType<SendAnswer.QuotaExceeded>(await device.Send(_cluster.Command("another", chat: "5511988880003")));
        Assert.Equal(["new-recipients"], refused.Violated.AsEnumerable());
    }

    [Fact]
    public async Task A_refusal_is_told_to_the_endpoint_once_a_minute()
    {
        var (key, device) = await _cluster.NewDevice();
        await Limit(new() { MessagesPerDay = 1 });
        await device.Send(_cluster.Command("hello"));
        for (var n = 0; n < 3; n++)
        {
            await device.Send(_cluster.Command("too many"));
        }

        var told = Assert.Single(Told());
        Assert.Equal(
            $$"""{"device_id":"{{key.DeviceId}}","policy":"daily","limit":1,"resets_at":"2030-01-02T00:00:00Z","timestamp":"2030-01-01T00:00:00Z"}""", told.DataJson);

        _cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        await device.Send(_cluster.Command("too many"));
        Assert.Equal(2, Told().Count());

        IEnumerable<Storage.OutboxEvent> Told() =>
            _cluster.Database.EventsOf(ClusterFixture.EndpointOf(key)).Where(@event => @event.Type == WebhookEvents.QuotaExceeded);
    }

    [Fact]
    public async Task The_time_of_an_acceptance_is_that_of_its_admission()
    {
        var device = (await NewDevices(1))[0];
        await Limit(new() { MessagesPerSecond = 1 });

        var accepted = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("hello")));

        Assert.Equal(accepted.Quota!.At, accepted.Message.Envelope.AcceptedAt);
    }

    private static long Left(SendAnswer answer, string policy) => answer.Quota!.Policies.Single(state => state.Name == policy).Remaining;

    private async Task Limit(TenantLimits limits)
    {
        Assert.IsType<LimitsAnswer.Done>(await _cluster.TenantGrain.SetLimits(new(null, limits)));
        foreach (var device in await _cluster.Devices.ListAsync(ClusterFixture.Tenant, null))
        {
            await _cluster.Device(device.Key).RefreshTerms();
        }
    }

    private async Task<IDeviceGrain[]> NewDevices(int count)
    {
        var devices = new IDeviceGrain[count];
        for (var n = 0; n < count; n++)
        {
            (_, devices[n]) = await _cluster.NewDevice();
        }

        return devices;
    }

    private Task<SendAnswer[]> SendAll(IDeviceGrain[] devices, int count, int delay) => Task.WhenAll(
        Enumerable.Range(0, count).Select(n => devices[n % devices.Length].Send(_cluster.Command($"{n}", chat: $"55119888{n:D5}", delay: delay))));
}

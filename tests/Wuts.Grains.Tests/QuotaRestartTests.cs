using Wuts.Domain.Devices;
using Wuts.Domain.Quotas;
using Wuts.Grains.Devices;
using Wuts.Grains.Tenants;
using Wuts.Storage;
using Wuts.Testing.Memory;

namespace Wuts.Grains.Tests;

/// <summary>What a tenant has used when its grain begins anew, and how its limits reach its devices.</summary>
public sealed class QuotaRestartTests : IAsyncLifetime
{
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_grain_that_begins_anew_counts_what_is_stored()
    {
        var (key, device) = await _cluster.NewDevice();
        await Limit(new() { MessagesPerSecond = 0.1m, Burst = 5, MessagesPerDay = 6, NewRecipientsPerDay = 3, QueueDepth = 4 });
        for (var n = 0; n < 3; n++)
        {
            Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command($"{n}", chat: $"551198888000{n}", delay: 100)));
        }

        await Restart(key);
        var refused = await _cluster.Device(key).Send(_cluster.Command("a stranger", chat: "5511988880009", delay: 100));

        Assert.Equal(["new-recipients"], Assert.IsType<SendAnswer.QuotaExceeded>(refused).Violated.AsEnumerable());
        var answer = await _cluster.Device(key).Send(_cluster.Command("known", chat: "5511988880000", delay: 100));
        Assert.Equal([("rate", 1L), ("daily", 2L), ("new-recipients", 0L), ("queue-depth", 0L)], answer.Quota!.Policies.Select(state => (state.Name, state.Remaining)));
    }

    [Fact]
    public async Task A_message_repeated_after_it_is_not_counted_again()
    {
        var (key, device) = await _cluster.NewDevice();
        await Limit(new() { MessagesPerDay = 2 });
        var command = _cluster.Command("hello", delay: 100);
        await device.Send(command);

        await Restart(key);
        var repeated = await _cluster.Device(key).Send(command);

        Assert.Equal(1, Assert.Single(Assert.IsType<SendAnswer.Accepted>(repeated).Quota!.Policies).Remaining);
    }

    [Fact]
    public async Task A_quiet_tenant_is_not_made_to_wait()
    {
        var (key, device) = await _cluster.NewDevice();
        await Limit(new() { MessagesPerDay = 2 });
        await device.Send(_cluster.Command("hello", delay: 100));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(11));

        await Restart(key);

        Assert.Equal(0, Assert.Single((await _cluster.Device(key).Send(_cluster.Command("another", delay: 100))).Quota!.Policies).Remaining);
    }

    [Fact]
    public async Task What_a_grain_admits_that_does_not_count_any_more_is_not_accepted()
    {
        var (_, device) = await _cluster.NewDevice();
        await Limit(new() { MessagesPerDay = 2 });
        await device.Send(_cluster.Command("hello", delay: 100));
        await new MemoryTenantUsageStore(_cluster.Database).BeginEpochAsync(ClusterFixture.Tenant); // another activation counts

        await Assert.ThrowsAsync<StorageUnavailableException>(() => device.Send(_cluster.Command("another", delay: 100)));

        Assert.Single(_cluster.Database.Messages);
        Assert.Equal(1, (await device.GetSnapshot())!.Waiting);
    }

    [Fact]
    public async Task A_message_whose_admission_has_lapsed_is_admitted_anew_and_its_sender_knows_nothing_of_it()
    {
        var (key, device) = await _cluster.NewDevice();
        await Limit(new() { MessagesPerDay = 2 });
        await device.Send(_cluster.Command("hello", delay: 100));
        var restarted = false;
        _cluster.Flushes.BeforeWrite = async _ =>
        {
            if (!restarted)
            {
                restarted = true; // while the message is on its way, limits go and come back: the grain begins another epoch
                await _cluster.TenantGrain.SetLimits(LimitSettings.None);
                await Limit(new() { MessagesPerDay = 2 });
            }

            return WriteFault.None;
        };

        Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("another", delay: 100)));
        Assert.IsType<SendAnswer.QuotaExceeded>(await device.Send(_cluster.Command("a third", delay: 100)));
    }

    [Fact]
    public async Task A_device_that_was_not_told_of_limits_learns_of_them_within_half_a_minute()
    {
        var (_, device) = await _cluster.NewDevice();
        await device.Send(_cluster.Command("asks for the terms"));
        await _cluster.TenantGrain.SetLimits(new(null, new() { MessagesPerDay = 1 }));
        Assert.Null((await device.Send(_cluster.Command("not told"))).Quota);

        _cluster.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.IsType<SendAnswer.QuotaExceeded>(await device.Send(_cluster.Command("told")));
    }

    [Fact]
    public async Task A_device_that_is_told_goes_by_the_new_limits_at_once()
    {
        var (_, device) = await _cluster.NewDevice();
        await device.Send(_cluster.Command("asks for the terms"));
        await Limit(new() { MessagesPerDay = 1 });
        Assert.IsType<SendAnswer.QuotaExceeded>(await device.Send(_cluster.Command("one too many")));

        await Limit(TenantLimits.None);
        Assert.Null(Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("as many as it likes"))).Quota);
    }

    [Fact]
    public async Task Limits_come_of_the_tier_and_of_the_tenant_and_are_kept()
    {
        Assert.Equal(["gold"], Assert.IsType<LimitsAnswer.NoSuchTier>(await _cluster.TenantGrain.SetLimits(new("silver", TenantLimits.None))).Tiers.AsEnumerable());
        Assert.Equal(
            "Burst", Assert.Single(Assert.IsType<LimitsAnswer.Invalid>(await _cluster.TenantGrain.SetLimits(new("gold", new() { Burst = 3 }))).Errors).Field);
        Assert.Equal(TenantLimits.None, (await _cluster.TenantGrain.GetLimits())!.Effective);

        await _cluster.TenantGrain.SetLimits(new("GOLD", new() { Weight = 2, QueueDepth = 7 }));
        await Restart(null);

        Assert.Equal(new() { MessagesPerDay = 100, Weight = 2, QueueDepth = 7 }, (await _cluster.TenantGrain.GetLimits())!.Effective);
        Assert.Equal(new TenantTerms(true, true, 2), await _cluster.TenantGrain.GetTerms());
    }

    private async Task Limit(TenantLimits limits)
    {
        Assert.IsType<LimitsAnswer.Done>(await _cluster.TenantGrain.SetLimits(new(null, limits)));
        foreach (var device in await _cluster.Devices.ListAsync(ClusterFixture.Tenant, null))
        {
            await _cluster.Device(device.Key).RefreshTerms();
        }
    }

    private async Task Restart(DeviceKey? device)
    {
        var former = _cluster;
        await former.DisposeAsync();
        _cluster = await ClusterFixture.StartAsync(former: former);
        if (device is not null)
        {
            await _cluster.Device(device).Connect();
        }
    }
}

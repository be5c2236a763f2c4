using System.Collections.Concurrent;
using System.Reflection;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Wuts.Domain.Devices;
using Wuts.Grains.Devices;
using Wuts.Grains.Hosting;
using Wuts.Testing;
using Wuts.Testing.Memory;

namespace Wuts.Grains.Tests;

public sealed class SweepTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualTimeProvider _clock = new();
    private readonly MemoryDatabase _database = new();
    private readonly Share _share = new();
    private readonly WokenDevices _devices = WokenDevices.Create();
    private Sweep _sweep = null!;

    public async Task InitializeAsync()
    {
        var devices = new MemoryDeviceStore(_database, new NoProtection(), _clock);
        foreach (var id in (string[])["a", "b", "c"])
        {
            await devices.CreateAsync(new()
            {
                TenantId = "acme", Id = id, UserId = "user-1", Name = id, Transport = "recording", Epoch = 0,
                Session = DeviceSession.New(_clock.GetUtcNow()).Paired("5511999990001@s.whatsapp.net", "secret", _clock.GetUtcNow()),
                CreatedAt = _clock.GetUtcNow(), UpdatedAt = _clock.GetUtcNow(),
            });
        }

        _sweep = new(
            new MemoryMessageStore(_database), devices, new MemoryWebhookStore(_database), _devices.Factory, _share, _clock,
            Options.Create(new SendingOptions()), NullLogger<Sweep>.Instance);
    }

    public Task DisposeAsync() => _sweep.StopAsync(default);

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public async Task At_start_and_every_minute_each_device_is_woken()
    {
        await _sweep.StartAsync(default);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(["acme/a", "acme/b", "acme/c"], await Round());
            await _clock.TimerArmed(Interval);
            _clock.Advance(Interval);
        }
    }

    [Fact]
    public async Task When_a_silo_comes_or_goes_it_runs_at_once()
    {
        await _sweep.StartAsync(default);
        await Round();
        await _clock.TimerArmed(Interval);

        _share.Change();

        Assert.Equal(["acme/a", "acme/b", "acme/c"], await Round());
    }

    [Fact]
    public async Task A_change_in_the_middle_of_a_run_is_not_missed()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _devices.Wake = _ => held.Task;
        await _sweep.StartAsync(default);
        await Round();

        _share.Change();
        held.SetResult();

        Assert.Equal(["acme/a", "acme/b", "acme/c"], await Round());
        await _clock.TimerArmed(Interval);
    }

    [Fact]
    public async Task Only_what_falls_to_this_silo_is_woken()
    {
        _share.IsMine = key => key == "acme/b";
        await _sweep.StartAsync(default);

        Assert.Equal(["acme/b"], await Round(1));
        await _clock.TimerArmed(Interval);
        Assert.True(_devices.NobodyElse);
    }

    [Fact]
    public async Task One_that_does_not_wake_is_tried_again_ever_more_seldom_but_each_minute_and_the_others_wake()
    {
        var broken = true;
        _devices.Wake = device => broken && device == "acme/b" ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
        await _sweep.StartAsync(default);
        foreach (var seconds in (int[])[2, 4, 8, 16, 32, 60, 60])
        {
            await RoundAndPause(seconds);
        }

        broken = false;
        await RoundAndPause(60);
        broken = true;
        await RoundAndPause(2);
        await RoundAndPause(4);
    }

    [Fact]
    public async Task What_has_failed_for_long_does_not_hold_up_what_loses_its_silo()
    {
        _devices.Wake = device => device == "acme/b" ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
        await _sweep.StartAsync(default);
        foreach (var seconds in (int[])[2, 4, 8, 16])
        {
            await RoundAndPause(seconds);
        }

        await Round();
        await _clock.TimerArmed(TimeSpan.FromSeconds(32));
        _share.Change();

        await RoundAndPause(2);
        await RoundAndPause(4);
    }

    [Fact]
    public async Task After_a_stop_nothing_is_woken()
    {
        await _sweep.StartAsync(default);
        await Round();
        await _clock.TimerArmed(Interval);

        await _sweep.StopAsync(default);
        _share.Change();
        _clock.Advance(Interval);

        Assert.True(_devices.NobodyElse);
    }

    private async Task RoundAndPause(int seconds)
    {
        await Round();
        await _clock.TimerArmed(TimeSpan.FromSeconds(seconds));
        Assert.True(_devices.NobodyElse);
        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.True(_devices.NobodyElse);
        _clock.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<string[]> Round(int devices = 3)
    {
        var woken = new string[devices];
        for (var n = 0; n < devices; n++)
        {
            woken[n] = await _devices.Next().WaitAsync(Patience);
        }

        return [.. woken.Order(StringComparer.Ordinal)];
    }

    private sealed class Share : ISweepShare
    {
        public event Action? Changed;

        public Func<string, bool> IsMine { get; set; } = _ => true;

        public bool Includes(string key) => IsMine(key);

        public void Change() => Changed?.Invoke();
    }
}

/// <summary>Stands where the cluster is, and tells which device was woken.</summary>
public class WokenDevices : DispatchProxy
{
    private readonly Channel<string> _woken = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, IDeviceGrain> _devices = new();

    /// <summary>How a device takes it.</summary>
    public Func<string, Task> Wake { get; set; } = _ => Task.CompletedTask;

    public IGrainFactory Factory => (IGrainFactory)(object)this;

    public bool NobodyElse => _woken.Reader.Count == 0;

    public static WokenDevices Create() => (WokenDevices)(object)Create<IGrainFactory, WokenDevices>();

    public Task<string> Next() => _woken.Reader.ReadAsync().AsTask();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _devices.GetOrAdd((string)args![0]!, key => Device.Create(() =>
        {
            _woken.Writer.TryWrite(key);
            return Wake(key);
        }));

    public class Device : DispatchProxy
    {
        private Func<Task> _wake = null!;

        public static IDeviceGrain Create(Func<Task> wake)
        {
            var grain = Create<IDeviceGrain, Device>();
            ((Device)(object)grain)._wake = wake;
            return grain;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _wake();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Wuts.Domain.Devices;
using Wuts.Grains.Telemetry;
using Wuts.Transports;

namespace Wuts.Grains.Devices;

/// <summary>
/// What the devices that are active in this silo have before them, added up when somebody looks. Every series is reported always, so
/// that a queue that is empty is 0 and not what it was last.
/// </summary>
internal sealed class DeviceGauges
{
    private static readonly DeviceState[] States = Enum.GetValues<DeviceState>();

    private readonly ConcurrentDictionary<object, Func<DeviceReading>> _devices = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<(string Transport, string? Tenant), TagList> _series = [];
    private readonly TimeProvider _clock;
    private readonly TenantTag _tenants;

    public DeviceGauges(IMeterFactory meters, IEnumerable<IDeviceTransport> transports, TimeProvider clock, TenantTag tenants)
    {
        (_clock, _tenants) = (clock, tenants);
        foreach (var transport in transports)
        {
            TagsOf(transport.Name, tenant: null);
        }

        var meter = meters.Create("Wuts");
        meter.CreateObservableUpDownCounter(
            "wuts.queue.depth", () => Sum(device => device.Waiting), "{message}", "Messages in the queues of this silo's devices.");
        meter.CreateObservableGauge(
            "wuts.queue.age", Ages, "s", "For how long the longest waiting message of a connected device of this silo could have left.");
        meter.CreateObservableUpDownCounter(
            "wuts.queue.doubtful", () => Sum(device => device.Doubtful), "{message}", "Messages of unknown outcome that hold their chats.");
        meter.CreateObservableUpDownCounter("wuts.devices", CountStates, "{device}", "Devices that are active in this silo, by the state of their session.");
    }

    /// <param name="read">Called on any thread, at any time until <see cref="Forget"/>.</param>
    public void Watch(object device, Func<DeviceReading> read) => _devices[device] = read;

    public void Forget(object device) => _devices.TryRemove(device, out _);

    private List<Measurement<long>> Sum(Func<DeviceReading, long> amount) => Fold(0L, (sum, device) => sum + amount(device));

    private List<Measurement<double>> Ages()
    {
        var now = _clock.GetUtcNow();
        return Fold(0d, (oldest, device) => device is { State: DeviceState.Connected, NextReadyAt: { } since }
            ? Math.Max(oldest, (now - since).TotalSeconds)
            : oldest);
    }

    private List<Measurement<T>> Fold<T>(T seed, Func<T, DeviceReading, T> add)
        where T : struct
    {
        var totals = new Dictionary<(string, string?), T>();
        foreach (var read in _devices.Values)
        {
            var device = read();
            var key = (device.Transport, _tenants.Of(device.TenantId));
            TagsOf(key.Transport, key.Item2);
            totals[key] = add(totals.GetValueOrDefault(key, seed), device);
        }

        return [.. _series.Select(series => new Measurement<T>(totals.GetValueOrDefault(series.Key, seed), series.Value))];
    }

    private IEnumerable<Measurement<long>> CountStates()
    {
        var counts = new long[States.Length];
        foreach (var read in _devices.Values)
        {
            counts[Array.IndexOf(States, read().State)]++;
        }

        return States.Select((state, i) => new Measurement<long>(counts[i], new KeyValuePair<string, object?>("wuts.device.state", NameOf(state))));
    }

    private void TagsOf(string transport, string? tenant) => _series.GetOrAdd((transport, tenant), static key =>
    {
        var tags = new TagList { { "wuts.transport", key.Transport } };
        if (key.Tenant is not null)
        {
            tags.Add(TenantTag.Name, key.Tenant);
        }

        return tags;
    });

    private static string NameOf(DeviceState state) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}

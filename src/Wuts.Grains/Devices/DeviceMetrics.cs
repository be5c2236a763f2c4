using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Wuts.Domain.Delivery;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Grains.Telemetry;

namespace Wuts.Grains.Devices;

/// <summary>What the devices of this silo do, as it happens. What they have before them is in <see cref="DeviceGauges"/>.</summary>
internal sealed class DeviceMetrics
{
    private readonly Histogram<double> _sendDuration;
    private readonly Histogram<double> _dispatchLatency;
    private readonly Histogram<double> _pace;
    private readonly Counter<long> _permits;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _orphans;
    private readonly Counter<long> _quotaRefused;
    private readonly Counter<long> _paceChanges;
    private readonly Counter<long> _held;

    public DeviceMetrics(IMeterFactory meters, DeviceGauges gauges)
    {
        Gauges = gauges;
        var meter = meters.Create("Wuts");
        _sendDuration = meter.CreateHistogram(
            "wuts.send.duration", "s", "How long the network took to answer a send, by transport and outcome.", tags: null, Buckets.Calls);
        _dispatchLatency = meter.CreateHistogram(
            "wuts.dispatch.latency", "s", "From when a message was due to its first hand-over, its typing included.", tags: null, Buckets.Waits);
        _pace = meter.CreateHistogram(
            "wuts.device.pace", "s", "Between two messages that leave one device, the second of which had to wait.", tags: null, Buckets.Waits);
        _permits = meter.CreateCounter<long>("wuts.permits.leased", "{permit}", "Permits to dispatch that tenants lent to their devices.");
        _refused = meter.CreateCounter<long>("wuts.fence.refused", "{write}", "Writes of an activation that had been replaced, refused by the database.");
        _paceChanges = meter.CreateCounter<long>("wuts.pace.changes", "{change}", "Changes of devices' paces, by the signal that caused them.");
        _held = meter.CreateCounter<long>("wuts.warmup.held", "{message}", "Messages put off because of whom they are to, by why.");
        _orphans = meter.CreateCounter<long>("wuts.receipts.orphans", "{receipt}", "Receipts for messages that nobody knows.");
        _quotaRefused = meter.CreateCounter<long>("wuts.quota.refused", "{message}", "Sends that were refused because a quota of the tenant is used up, by quota.");
    }

    public DeviceGauges Gauges { get; }

    public void PaceChanged(PaceSignal signal) => _paceChanges.Add(1, new KeyValuePair<string, object?>("wuts.pace.signal", NameOf(signal)));

    /// <summary>A message waits because of whom it is to.</summary>
    public void Held(HoldReason reason) => _held.Add(1, new KeyValuePair<string, object?>("wuts.hold", NameOf(reason)));

    public void HandedOver(string transport, SendOutcome outcome, TimeSpan duration) => _sendDuration.Record(
        duration.TotalSeconds, new("wuts.transport", transport), new("wuts.outcome", NameOf(outcome)));

    public void LeftAfter(TimeSpan wait) => _dispatchLatency.Record(Math.Max(0, wait.TotalSeconds));

    public void Paced(TimeSpan interval) => _pace.Record(interval.TotalSeconds);

    public void Leased(int permits) => _permits.Add(permits);

    /// <param name="write">What it wanted to write: <c>accept</c>, <c>claim</c> or <c>session</c>.</param>
    public void Refused(string write) => _refused.Add(1, new KeyValuePair<string, object?>("wuts.write", write));

    public void Orphaned(int receipts) => _orphans.Add(receipts);

    public void RefusedByQuota(ImmutableArray<string> policies)
    {
        foreach (var policy in policies)
        {
            _quotaRefused.Add(1, new KeyValuePair<string, object?>("wuts.quota.policy", policy));
        }
    }

    private static string NameOf(Enum value) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The outcome's name in metrics and traces.</summary>
    public static string NameOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Accepted => "accepted",
        SendOutcome.Refused => "refused",
        SendOutcome.NotConnected => "not_connected",
        _ => "unknown",
    };
}

/// <summary>What a device has before it.</summary>
/// <param name="Waiting">Messages in its queue.</param>
/// <param name="NextReadyAt">Since when, or from when on, its next message may leave.</param>
/// <param name="Doubtful">Of these, messages of unknown outcome that it asks the network for.</param>
internal readonly record struct DeviceReading(
    string TenantId, string Transport, Domain.Devices.DeviceState State, int Waiting, DateTimeOffset? NextReadyAt, int Doubtful);

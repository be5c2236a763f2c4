using System.Diagnostics.Metrics;
using Wuts.Grains.Telemetry;

namespace Wuts.Grains.Quotas;

/// <summary>What is measured of the pools of permits, and of this silo's gates.</summary>
internal sealed class PoolMetrics
{
    private readonly Counter<long> _granted;
    private readonly Counter<long> _unused;
    private readonly Histogram<double> _wait;

    public PoolMetrics(IMeterFactory meters, Gates gates)
    {
        var meter = meters.Create("Wuts");
        _granted = meter.CreateCounter<long>("wuts.pool.granted", "{permit}", "Permits that a pool with a rate granted to tenants.");
        _unused = meter.CreateCounter<long>("wuts.pool.unused", "{permit}", "Of these, permits that were reported unused.");
        _wait = meter.CreateHistogram(
            "wuts.permit.wait", "s", "How long a message that could leave waited for a permit and a place in the silo.", tags: null, Buckets.Calls);
        meter.CreateObservableUpDownCounter(
            "wuts.gate.waiting",
            () => new Measurement<int>[]
            {
                new(gates.Handovers.Waiting, new KeyValuePair<string, object?>("wuts.gate", "handovers")),
                new(gates.WebhookWorkers.Waiting, new KeyValuePair<string, object?>("wuts.gate", "webhook_workers")),
            },
            "{wait}",
            "Hand-overs and webhook deliveries that wait for a place in this silo.");
    }

    /// <param name="pool">The pool's name, of which there are as many as the configuration has.</param>
    public void Granted(string pool, int permits) => _granted.Add(permits, new KeyValuePair<string, object?>("wuts.pool", pool));

    public void Unused(string pool, int permits) => _unused.Add(permits, new KeyValuePair<string, object?>("wuts.pool", pool));

    public void Waited(TimeSpan wait) => _wait.Record(wait.TotalSeconds);
}

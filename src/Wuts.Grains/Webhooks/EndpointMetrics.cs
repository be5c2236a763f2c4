using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Wuts.Grains.Webhooks;

/// <summary>What is measured of the webhook endpoints of this silo. Attempts and their outcomes are in <c>WebhookMetrics</c>.</summary>
internal sealed class EndpointMetrics
{
    private readonly ConcurrentDictionary<object, Func<bool>> _endpoints = new(ReferenceEqualityComparer.Instance);
    private readonly Counter<long> _dead;

    public EndpointMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Wuts");
        _dead = meter.CreateCounter<long>("wuts.webhook.dead_letters", "{event}", "Events whose attempts ran out.");
        meter.CreateObservableUpDownCounter(
            "wuts.webhook.circuits_open",
            () => _endpoints.Values.LongCount(isOpen => isOpen()),
            "{endpoint}",
            "Endpoints of this silo that failed so often that they are tried with pauses only.");
    }

    /// <param name="isOpen">Called on any thread, at any time until <see cref="Forget"/>.</param>
    public void Watch(object endpoint, Func<bool> isOpen) => _endpoints[endpoint] = isOpen;

    public void Forget(object endpoint) => _endpoints.TryRemove(endpoint, out _);

    public void Died() => _dead.Add(1);
}

namespace Orleans.InProcess;

/// <summary>Looks through the activations once a quantum, and ends those that were idle for longer than their class allows.</summary>
internal sealed class IdleCollector(Catalog catalog, TimeProvider clock, TimeSpan quantum) : IDisposable
{
    private ITimer? _timer;

    public void Start() => _timer = clock.CreateDetachedTimer(static collector => collector.Collect(), this, quantum, quantum);

    public void Dispose() => _timer?.Dispose();

    private void Collect()
    {
        // In an order of their own: that of the catalog differs from process to process.
        foreach (var activation in catalog.Activations.Where(static a => a.LooksIdle()).OrderBy(static a => a.GrainId.ToString(), StringComparer.Ordinal))
        {
            activation.Post(activation.CollectIfIdle);
        }
    }
}

using System.Diagnostics.Metrics;

namespace Wuts.Benchmarks.Measuring;

/// <summary>Listens to what the batch writer tells of its flushes.</summary>
internal sealed class Flushes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private int _count;
    private long _writes;
    private double _seconds;

    public Flushes()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "wuts.storage.flush.size" or "wuts.storage.flush.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, writes, _, _) => Add(0, writes, 0));
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Add(1, 0, seconds));
        _listener.Start();
    }

    public FlushFigures Read()
    {
        lock (_gate)
        {
            return new(_count, _writes, TimeSpan.FromSeconds(_seconds));
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(int flushes, int writes, double seconds)
    {
        lock (_gate)
        {
            _count += flushes;
            _writes += writes;
            _seconds += seconds;
        }
    }
}

/// <summary>What the flushes of some time came to.</summary>
internal sealed record FlushFigures(int Count, long Writes, TimeSpan Busy)
{
    public static FlushFigures operator -(FlushFigures now, FlushFigures before) =>
        new(now.Count - before.Count, now.Writes - before.Writes, now.Busy - before.Busy);
}

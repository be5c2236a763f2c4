using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Wuts.Grains.Tests.Telemetry;

/// <summary>What the meters of one silo measure while a test runs.</summary>
internal sealed class Readings : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measured = [];
    private readonly MeterListener _listener = new();

    private Readings(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <param name="meters">The silo's own: other tests run other silos in this process.</param>
    public static Readings Of(IMeterFactory meters) => new(meters.Create("Wuts"));

    /// <summary>The sum of what a counter was given, with these tags (<c>name=value</c>, separated by a space).</summary>
    public double Sum(string name, string tags = "") => _measured.Where(m => m.Name == name && m.Tags == tags).Sum(m => m.Value);

    /// <summary>What a histogram was given, in order.</summary>
    public double[] Of(string name) => [.. _measured.Where(m => m.Name == name).Select(m => m.Value)];

    /// <summary>What a gauge says now.</summary>
    public double Now(string name, string tags)
    {
        _listener.RecordObservableInstruments();
        return _measured.Last(m => m.Name == name && m.Tags == tags).Value;
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var names = new List<string>();
        foreach (var tag in tags)
        {
            names.Add($"{tag.Key}={tag.Value}");
        }

        _measured.Enqueue((instrument.Name, value, string.Join(' ', names)));
    }
}

using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Wuts.Server.Telemetry;

/// <summary>Collects when it is asked, and keeps nothing in between.</summary>
internal sealed class PrometheusReader : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TextExporter _exporter = new();

    public PrometheusReader() => Reader = new BaseExportingMetricReader(_exporter);

    /// <summary>To be added to a meter provider, once.</summary>
    public MetricReader Reader { get; }

    /// <summary>All metrics of the provider as they are now; empty before it was built.</summary>
    public string Scrape()
    {
        lock (_gate)
        {
            return _exporter.Collect?.Invoke(Timeout.Infinite) == true ? _exporter.Text : string.Empty;
        }
    }

    public void Dispose() => Reader.Dispose();

    [ExportModes(ExportModes.Pull)]
    private sealed class TextExporter : BaseExporter<Metric>, IPullMetricExporter
    {
        public string Text { get; private set; } = string.Empty;

        /// <summary>Set by the reader.</summary>
        public Func<int, bool>? Collect { get; set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var metrics = new List<Metric>();
            foreach (var metric in batch)
            {
                metrics.Add(metric);
            }

            Text = PrometheusText.Render(metrics, ParentProvider.GetResource());
            return ExportResult.Success;
        }
    }
}

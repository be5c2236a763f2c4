using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Wuts.Server.Telemetry;

/// <summary>Writes metrics in Prometheus' text format: each name once, with its help and its type, and a line for each series.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Render(IEnumerable<Metric> metrics, Resource resource)
    {
        var text = new StringBuilder(16 * 1024);
        WriteIdentity(text, resource);
        foreach (var named in metrics.GroupBy(metric => PrometheusNames.Of(metric.Name, metric.Unit, metric.MetricType)).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var first = named.First();
            WriteHead(text, named.Key, first.Description, TypeOf(first.MetricType));
            foreach (var metric in named.Where(metric => metric.MetricType == first.MetricType))
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    Write(text, named.Key, metric.MetricType, point);
                }
            }
        }

        return text.ToString();
    }

    private static void WriteIdentity(StringBuilder text, Resource resource)
    {
        WriteHead(text, "target_info", "The process that these figures are of.", "gauge");
        var labels = string.Join(',', resource.Attributes.Select(a => Label(a.Key, a.Value)));
        WriteLine(text, "target_info", labels, 1);
    }

    private static void WriteHead(StringBuilder text, string name, string description, string type)
    {
        if (description.Length > 0)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(PrometheusNames.Help(description)).Append('\n');
        }

        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private static void Write(StringBuilder text, string name, MetricType type, in MetricPoint point)
    {
        var labels = LabelsOf(point.Tags);
        switch (type)
        {
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                WriteLine(text, name, labels, point.GetSumLong());
                break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                WriteLine(text, name, labels, point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                WriteLine(text, name, labels, point.GetGaugeLastValueLong());
                break;
            case MetricType.DoubleGauge:
                WriteLine(text, name, labels, point.GetGaugeLastValueDouble());
                break;
            case MetricType.Histogram:
                WriteHistogram(text, name, labels, point);
                break;
            default:
                throw new InvalidOperationException($"{name} is a {type}, which has no form in the text format.");
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, in MetricPoint point)
    {
        var count = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            WriteLine(text, $"{name}_bucket", Join(labels, $"le=\"{PrometheusNames.Value(bucket.ExplicitBound)}\""), count);
        }

        WriteLine(text, $"{name}_sum", labels, point.GetHistogramSum());
        WriteLine(text, $"{name}_count", labels, point.GetHistogramCount());
    }

    private static string LabelsOf(ReadOnlyTagCollection tags)
    {
        var labels = new StringBuilder();
        foreach (var tag in tags)
        {
            labels.Append(labels.Length > 0 ? "," : "").Append(Label(tag.Key, tag.Value));
        }

        return labels.ToString();
    }

    private static string Label(string name, object? value) =>
        $"{PrometheusNames.Sanitize(name)}=\"{PrometheusNames.Label(Convert.ToString(value, CultureInfo.InvariantCulture))}\"";

    private static string Join(string labels, string more) => labels.Length == 0 ? more : $"{labels},{more}";

    private static void WriteLine(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(PrometheusNames.Value(value)).Append('\n');
    }

    private static string TypeOf(MetricType type) =>
        PrometheusNames.IsCounter(type) ? "counter" : type is MetricType.Histogram ? "histogram" : "gauge";
}

using System.Reflection;
using System.Text.RegularExpressions;
using OpenTelemetry.Metrics;
using Wuts.Server.Telemetry;

namespace Wuts.Api.Tests.Telemetry;

/// <summary>One line of the tables in <c>docs/metrics.md</c>.</summary>
internal sealed record DocumentedMetric(string Name, string Unit, string Kind, string[] Tags, string Alert)
{
    /// <summary>Its names in Prometheus: a histogram has three.</summary>
    public IEnumerable<string> PrometheusNames
    {
        get
        {
            var name = Server.Telemetry.PrometheusNames.Of(Name, Unit, Kind == "counter" ? MetricType.LongSum : MetricType.LongGauge);
            return Kind == "histogram" ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"] : [name];
        }
    }
}

/// <summary>The files about metrics of the source tree this test was built from.</summary>
internal static partial class MetricsDocument
{
    private static readonly string Root = typeof(MetricsDocument).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "SourceRoot").Value!;

    public static DocumentedMetric[] Metrics { get; } =
    [
        .. from line in File.ReadLines(Path.Combine(Root, "docs/metrics.md"))
           where line.StartsWith("| `", StringComparison.Ordinal)
           let cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries)
           where cells.Length == 6
           select new DocumentedMetric(cells[0].Trim('`'), cells[1].Trim('`'), cells[2], [.. Quoted().Matches(cells[3]).Select(m => m.Groups[1].Value)], cells[5]),
    ];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Wuts.Api.Tests.Live;
using Wuts.Server.Telemetry;

namespace Wuts.Api.Tests.Telemetry;

[Collection(Live.Live.Name)]
public sealed partial class MetricsDocumentTests(LiveServer server)
{
    private static readonly string[] LabelsOfPrometheus = ["le", "job", "instance", "wuts_role", "service_instance_id"];

    [Fact]
    public void Every_instrument_is_documented_with_its_unit_and_kind_and_no_other()
    {
        var documented = MetricsDocument.Metrics.Where(metric => metric.Name.StartsWith("wuts.", StringComparison.Ordinal));

        Assert.Equal(
            Instruments().Select(i => $"{i.Name} {i.Unit} {KindOf(i)}").Distinct().Order(),
            documented.Select(metric => $"{metric.Name} {metric.Unit} {metric.Kind}").Order());
    }

    [Fact]
    public void What_is_exported_of_others_is_documented_and_nothing_else() => Assert.Equal(
        ExportedMetrics.NamesOfOthers.Order(),
        MetricsDocument.Metrics.Select(metric => metric.Name).Where(name => !name.StartsWith("wuts.", StringComparison.Ordinal)).Order());

    [Fact]
    public void The_dashboard_and_the_alerts_use_only_metrics_and_labels_that_exist()
    {
        var names = MetricsDocument.Metrics.SelectMany(metric => metric.PrometheusNames).Append("up").Append("target_info").ToHashSet();
        var labels = MetricsDocument.Metrics.SelectMany(metric => metric.Tags).Select(PrometheusNames.Sanitize).Concat(LabelsOfPrometheus).ToHashSet();
        var expressions = Alerts().Select(alert => alert.Expression).Concat(DashboardExpressions()).ToList();

        Assert.True(expressions.Count > 40, $"There are only {expressions.Count} expressions.");
        Assert.All(expressions, expression =>
        {
            var used = Labels().Matches(expression).SelectMany(m => Word().Matches(Strings().Replace(m.Value, "")).Select(w => w.Value));
            var bare = Labels().Replace(Brackets().Replace(expression, ""), "");
            Assert.Empty(Metric().Matches(bare).Select(m => m.Value).Except(names));
            Assert.Empty(used.Except(labels).Except(["by", "on", "group_left"]));
        });
    }

    [Fact]
    public void Every_metric_of_ours_is_on_the_dashboard()
    {
        var shown = string.Join(' ', DashboardExpressions());

        Assert.All(
            MetricsDocument.Metrics.Where(metric => metric.Name.StartsWith("wuts.", StringComparison.Ordinal)),
            metric => Assert.True(metric.PrometheusNames.Any(shown.Contains), metric.Name));
    }

    [Fact]
    public void The_document_names_the_alerts_there_are()
    {
        var named = MetricsDocument.Metrics.Select(metric => metric.Alert).Where(alert => alert.Length > 0);

        Assert.Equal(Alerts().Select(alert => alert.Name).Except(["WutsProcessDown", "WutsSiloLost"]).Order(), named.Order());
    }

    /// <summary>All that this version can measure, made by starting everything that makes some.</summary>
    private ConcurrentBag<Instrument> Instruments()
    {
        foreach (var type in Product().SelectMany(assembly => assembly.GetTypes()).Where(t => t.IsClass && (t.Name.EndsWith("Metrics", StringComparison.Ordinal) || t.Name.EndsWith("Gauges", StringComparison.Ordinal))))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            _ = server.Service<IServiceProvider>().GetService(type);
        }

        var found = new ConcurrentBag<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == ExportedMetrics.Own)
            {
                found.Add(instrument);
            }
        };
        listener.Start();
        return found;
    }

    private static IEnumerable<Assembly> Product() =>
        from file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
        let name = Path.GetFileNameWithoutExtension(file)
        where name == "wuts" || (name.StartsWith("Wuts.", StringComparison.Ordinal) && !name.Contains("Test"))
        select Assembly.Load(name);

    private static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        "Counter`1" or "ObservableCounter`1" => "counter",
        "Histogram`1" => "histogram",
        "Gauge`1" or "ObservableGauge`1" => "gauge",
        _ => "updown",
    };

    // The alerts are written so that this much YAML is enough: an expression is one line, or the indented lines after ">-".
    private static IEnumerable<(string Name, string Expression)> Alerts() =>
        Alert().Matches(MetricsDocument.Read("deploy/prometheus/alerts.yml")).Select(m => (m.Groups["name"].Value, m.Groups["expr"].Value.Replace(">-", "")));

    private static IEnumerable<string> DashboardExpressions() =>
        from panel in JsonNode.Parse(MetricsDocument.Read("deploy/grafana/wuts.json"))!["panels"]!.AsArray()
        from target in panel!["targets"]?.AsArray() ?? []
        select (string)target!["expr"]!;

    [GeneratedRegex(@"- alert: (?<name>\w+)\n\s+expr: (?<expr>(.|\n)+?)\n        (for|labels):")]
    private static partial Regex Alert();

    [GeneratedRegex(@"\{[^}]*\}|\b(by|on|group_left) ?\([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Strings();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Brackets();

    [GeneratedRegex("[a-z_]+")]
    private static partial Regex Word();

    // What is neither a number nor followed by a parenthesis, as functions are, nor an operator.
    [GeneratedRegex(@"(?<![a-z_0-9$])(?!(?:and|or|unless)\b)[a-z_]+(?![a-z_0-9]*\s?\()")]
    private static partial Regex Metric();
}

using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace Wuts.Server.Telemetry;

/// <summary>Names and values as Prometheus' text format wants them (version 0.0.4), by OpenTelemetry's rules for turning one into the other.</summary>
internal static class PrometheusNames
{
    /// <summary>A metric's name: with its unit in words unless that is a mere annotation like <c>{message}</c>, and <c>_total</c> for a counter.</summary>
    public static string Of(string name, string? unit, MetricType type)
    {
        var result = Sanitize(name);
        if (Word(unit) is { } word && !result.EndsWith($"_{word}", StringComparison.Ordinal))
        {
            result += $"_{word}";
        }

        return IsCounter(type) ? $"{result}_total" : result;
    }

    public static bool IsCounter(MetricType type) => type is MetricType.LongSum or MetricType.DoubleSum;

    /// <summary>What may stand in the name of a metric or a label; anything else becomes an underscore.</summary>
    public static string Sanitize(string name)
    {
        var result = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            result.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        }

        return char.IsAsciiDigit(result[0]) ? $"_{result}" : result.ToString();
    }

    public static string Value(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : double.IsNaN(value) ? "NaN"
        : value.ToString("R", CultureInfo.InvariantCulture);

    public static string Help(string text) => text.Replace("\\", "\\\\").Replace("\n", "\\n");

    public static string Label(string? value) => Help(value ?? string.Empty).Replace("\"", "\\\"");

    private static string? Word(string? unit) => unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" or "bytes" => "bytes",
        _ => null,
    };
}

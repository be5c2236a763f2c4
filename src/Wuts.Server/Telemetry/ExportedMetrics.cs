using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Wuts.Server.Telemetry;

/// <summary>Which metrics leave the process: all of ours, and those of others that an operator of ours acts on. <c>docs/metrics.md</c> lists both.</summary>
internal static class ExportedMetrics
{
    public const string Own = "Wuts";

    private static readonly FrozenDictionary<string, string> OfOthers = new Dictionary<string, string>
    {
        ["http.server.request.duration"] = "Microsoft.AspNetCore.Hosting",
        ["kestrel.active_connections"] = "Microsoft.AspNetCore.Server.Kestrel",
        ["dotnet.process.memory.working_set"] = "System.Runtime",
        ["dotnet.gc.pause.time"] = "System.Runtime",
        ["dotnet.thread_pool.queue.length"] = "System.Runtime",
        ["orleans-grains"] = "Microsoft.Orleans",
        ["orleans-app-requests-timedout"] = "Microsoft.Orleans",
        ["orleans-messaging-rejected"] = "Microsoft.Orleans",
        ["orleans-messaging-expired"] = "Microsoft.Orleans",
        ["orleans-scheduler-long-running-turns"] = "Microsoft.Orleans",
        ["orleans-gateway-connected-clients"] = "Microsoft.Orleans",
        ["orleans-client-connected-gateways"] = "Microsoft.Orleans",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static ImmutableArray<string> Meters { get; } = [Own, .. OfOthers.Values.Distinct()];

    public static IEnumerable<string> NamesOfOthers => OfOthers.Keys;

    public static bool Contains(Instrument instrument) =>
        instrument.Meter.Name == Own || OfOthers.GetValueOrDefault(instrument.Name) == instrument.Meter.Name;
}

using System.Collections.Immutable;

namespace Wuts.Transports.Simulator.Log;

/// <summary>A part of the log.</summary>
/// <param name="Next">The last line that was looked at: ask after it for the next page.</param>
/// <param name="Last">The last line there was.</param>
public sealed record LogPage(ImmutableArray<LogEntry> Entries, long Next, long Last);

/// <summary>Which lines to show; what is <c>null</c> does not matter.</summary>
public sealed record LogFilter(LogKind? Kind = null, string? Id = null, string? Device = null)
{
    internal bool Matches(LogEntry entry) =>
        (Kind is null || entry.Kind == Kind) && (Id is null || entry.Id == Id) && (Device is null || entry.Device == Device);
}

using System.Globalization;

namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>The wall clock of a process, moved while it runs: libfaketime, preloaded. Its timers keep true time, as under a real step.</summary>
internal sealed class WallClock : IDisposable
{
    private static readonly string? Library = new[] { "/usr/lib", "/usr/local/lib" }
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(
            folder, "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true }))
        .FirstOrDefault();

    private readonly string _file = Path.GetTempFileName();

    public WallClock(WutsProcess process)
    {
        Step(TimeSpan.Zero);
        process.Environment["LD_PRELOAD"] = Library!;
        process.Environment["FAKETIME_TIMESTAMP_FILE"] = _file;
        process.Environment["FAKETIME_NO_CACHE"] = "1";
        process.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        process.Environment["NO_FAKE_STAT"] = "1";
    }

    /// <summary>Why there can be none on this machine; <c>null</c> when there can.</summary>
    public static string? UnavailableBecause { get; } =
        Library is null ? "libfaketime is not installed (Debian: package libfaketime): no clock can be moved for one process." : null;

    /// <summary>From now on it goes wrong by so much.</summary>
    public void Step(TimeSpan offset)
    {
        File.WriteAllText($"{_file}.next", offset.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture));
        File.Move($"{_file}.next", _file, overwrite: true); // it is read at every look at the clock, and must never be half written
    }

    public void Dispose() => File.Delete(_file);
}

/// <summary>A test that needs a <see cref="WallClock"/>, skipped with the reason where there can be none.</summary>
public sealed class WallClockFactAttribute : FactAttribute
{
    public WallClockFactAttribute() => Skip = WallClock.UnavailableBecause;
}

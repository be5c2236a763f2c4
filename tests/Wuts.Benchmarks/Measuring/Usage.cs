using System.Diagnostics;
using System.Globalization;
using Wuts.Benchmarks.Databases;

namespace Wuts.Benchmarks.Measuring;

/// <summary>What this process and the database's processes have used, up to a moment or between two.</summary>
internal sealed record Usage(TimeSpan Processor, TimeSpan DatabaseProcessor, long AllocatedBytes, int Collections, TimeSpan Paused)
{
    public static Usage Now(BenchmarkDatabase database)
    {
        using var process = Process.GetCurrentProcess();
        return new(
            process.TotalProcessorTime, database.ProcessorTime, GC.GetTotalAllocatedBytes(), GC.CollectionCount(0), GC.GetTotalPauseDuration());
    }

    public static Usage operator -(Usage now, Usage before) => new(
        now.Processor - before.Processor,
        now.DatabaseProcessor - before.DatabaseProcessor,
        now.AllocatedBytes - before.AllocatedBytes,
        now.Collections - before.Collections,
        now.Paused - before.Paused);

    /// <summary>Forgets the highest memory use so far, so that the next reading is about what comes now.</summary>
    public static void ResetPeakMemory()
    {
        GC.Collect();
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5"); // proc(5)
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the peak is that of the whole process; the table would only show more.
        }
    }

    /// <summary>The highest resident memory of this process, in bytes.</summary>
    public static long ReadPeakMemory()
    {
        if (!File.Exists("/proc/self/status"))
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }

        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line["VmHWM:".Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }
}

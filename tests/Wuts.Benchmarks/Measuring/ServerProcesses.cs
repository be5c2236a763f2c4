using System.Globalization;

namespace Wuts.Benchmarks.Measuring;

/// <summary>The processes of the PostgreSQL server that listens on a port, as <c>/proc</c> shows them.</summary>
internal sealed class ServerProcesses(int port)
{
    private const int TicksPerSecond = 100; // USER_HZ, which Linux gives to programs as 100 on every machine

    private readonly int? _first = Find(port);

    /// <summary>What they used so far, with those that have ended; zero where there is no <c>/proc</c>.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            var ticks = All()
                .Where(process => process.Id == _first || process.Parent == _first)
                .Sum(process => process.Own + (process.Id == _first ? process.Ended : 0));
            return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
        }
    }

    private static int? Find(int port)
    {
        var wanted = $"\0-p\0{port.ToString(CultureInfo.InvariantCulture)}\0";
        return All()
            .Where(process => process.Name == "postgres" && Read($"/proc/{process.Id}/cmdline")?.Contains(wanted, StringComparison.Ordinal) == true)
            .Select(process => (int?)process.Id)
            .FirstOrDefault();
    }

    private static IEnumerable<(int Id, string Name, int Parent, long Own, long Ended)> All()
    {
        if (!Directory.Exists("/proc"))
        {
            yield break;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read($"{folder}/stat") is { } stat)
            {
                // proc(5): after the name in parentheses come state, parent, …; utime, stime, cutime and cstime are fields 14 to 17.
                var close = stat.LastIndexOf(')');
                var fields = stat[(close + 2)..].Split(' ');
                yield return (id, stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..close], (int)Long(1), Long(11) + Long(12), Long(13) + Long(14));

                long Long(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
            }
        }
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }
}

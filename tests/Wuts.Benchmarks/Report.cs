using System.Globalization;
using Wuts.Benchmarks.Load;
using Wuts.Benchmarks.Storing;

namespace Wuts.Benchmarks;

/// <summary>Prints what was measured.</summary>
internal static class Report
{
    public static void Write(IEnumerable<(string Label, string Value)> lines)
    {
        foreach (var (label, value) in lines)
        {
            Console.WriteLine($"  {label,-32} {value}");
        }
    }

    public static void Write(string database, LoadFigures load, StoringFigures storing)
    {
        Console.WriteLine($"\n{database}\n");
        Write([.. Of(load), .. Of(load, storing)]);
    }

    /// <param name="roles">The processor time of each role's processes.</param>
    public static void Write(string cluster, LoadFigures load, IReadOnlyDictionary<string, TimeSpan> roles)
    {
        Console.WriteLine($"\n{cluster}\n");
        Write(Of(load));
        Write(roles.Select(role => ($"processor, {role.Key}", Text($"{role.Value.TotalMilliseconds / load.Accepted,10:N2} ms   a message"))));
    }

    public static void Write(string run, LaneFigures lanes)
    {
        Console.WriteLine($"\n{run}\n");
        Write(
        [
            ("marketing before / after", Text($"{lanes.Before,10:N0} / {lanes.After:N0}   messages that waited")),
            ("password alone, p50 / p99", Text($"{lanes.Alone.Percentile(0.5),10:N0} ms   / {lanes.Alone.Percentile(0.99):N0} ms   from acceptance to claim")),
            ("password behind it, p50 / p99", Text($"{lanes.Behind.Percentile(0.5),10:N0} ms   / {lanes.Behind.Percentile(0.99):N0} ms")),
        ]);
    }

    private static IEnumerable<(string, string)> Of(LoadFigures load)
    {
        yield return ("accepted", Text($"{load.AcceptedPerSecond,10:N0} /s   {load.Accepted:N0} in {load.Answered.TotalSeconds:N1} s"));
        yield return ("full lifecycles", Text($"{load.LifecyclesPerSecond,10:N0} /s   {load.Complete:N0} in {load.Through.TotalSeconds:N1} s"));
        yield return ("accept p50 / p99", Text($"{load.Accept.Percentile(0.5),10:N0} ms   / {load.Accept.Percentile(0.99):N0} ms"));
        yield return ("dispatch p50 / p99", Text($"{load.Dispatch.Percentile(0.5),10:N0} ms   / {load.Dispatch.Percentile(0.99):N0} ms"));
        yield return ("processor, this process", Text($"{load.Used.Processor.TotalMilliseconds / load.Accepted,10:N2} ms   a message, load generator and webhook sink included"));
        if (load.Used.DatabaseProcessor > TimeSpan.Zero)
        {
            yield return ("processor, database", Text($"{load.Used.DatabaseProcessor.TotalMilliseconds / load.Accepted,10:N2} ms   a message"));
        }

        yield return ("webhooks missing / repeated", Text($"{load.Incomplete.Length,10:N0} / {load.Repeated:N0}"));
        foreach (var (status, count) in load.Refused)
        {
            yield return ($"answered {status}", Text($"{count,10:N0}"));
        }
    }

    // What can be seen of a server in this very process.
    private static IEnumerable<(string, string)> Of(LoadFigures load, StoringFigures storing)
    {
        var (used, flushes) = (load.Used, load.Flushes);
        yield return ("allocated", Text($"{used.AllocatedBytes / 1024.0 / load.Accepted,10:N0} kB   a message; {used.Collections} collections paused {used.Paused.TotalMilliseconds / load.Through.TotalMilliseconds:P1} of the time"));
        yield return ("peak memory", Text($"{load.PeakMemory / 1048576.0,10:N0} MB"));
        yield return ("flushes", Text($"{flushes.Count / load.Through.TotalSeconds,10:N0} /s   {(double)flushes.Writes / flushes.Count:N0} writes and {flushes.Busy.TotalMilliseconds / flushes.Count:N1} ms each, {flushes.Busy / load.Through:P0} of the time"));
        var rows = Lifecycle.Rows;
        yield return ("rows, whole system", Text($"{load.LifecyclesPerSecond * rows,10:N0} /s   {load.LifecyclesPerSecond / storing.RawLifecycles:P0} of raw"));
        yield return ("rows, batched writes alone", Text($"{storing.StoreLifecycles * rows,10:N0} /s   {storing.StoreLifecycles / storing.RawLifecycles:P0} of raw; {storing.StoreLifecycles:N0} lifecycles/s; {(double)storing.Flushes.Writes / storing.Flushes.Count:N0} writes and {storing.Flushes.Busy.TotalMilliseconds / storing.Flushes.Count:N1} ms a flush"));
        yield return ("rows, raw", Text($"{storing.RawLifecycles * rows,10:N0} /s   {storing.RawLifecycles:N0} lifecycles/s"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

namespace Wuts.Benchmarks.Virtual;

/// <summary>Tables that need a virtual clock, which this engine does not have.</summary>
internal static class VirtualTables
{
    public static int Write(BenchmarkOptions options)
    {
        Console.Error.WriteLine($"{(options.Pace ? "--pace" : "--warm-up")} needs the engine inprocess: WutsEngine=inprocess make bench ARGS=\"...\"");
        return 2;
    }
}

namespace Wuts.Benchmarks.Virtual;

/// <summary>Tables that need a virtual clock.</summary>
internal static class VirtualTables
{
    /// <summary>Prints those that were asked for. Returns the exit code.</summary>
    public static int Write(BenchmarkOptions options)
    {
        if (options.WarmUp)
        {
            WarmUpTable.Write();
        }

        if (options.Pace)
        {
            PaceTable.Write();
        }

        return 0;
    }
}

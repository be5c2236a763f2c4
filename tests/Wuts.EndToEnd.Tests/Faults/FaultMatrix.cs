namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>The rows of all runs, as Markdown, in the file that the environment variable <c>WUTS_FAULT_MATRIX</c> names; nowhere without it.</summary>
internal static class FaultMatrix
{
    private static readonly Lock Gate = new();

    public static void Add(FaultRow row)
    {
        if (Environment.GetEnvironmentVariable("WUTS_FAULT_MATRIX") is { Length: > 0 } file)
        {
            lock (Gate)
            {
                File.AppendAllLines(file, File.Exists(file) ? [row.ToString()] : [FaultRow.Header, row.ToString()]);
            }
        }
    }
}

using System.Diagnostics;
using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;
using Wuts.Server;

namespace Wuts.Benchmarks.Measuring;

/// <summary>Where a run happened, so that its figures can be compared with others.</summary>
internal static class Machine
{
    /// <summary>What this program was built with: <c>orleans</c> or <c>inprocess</c>.</summary>
    public static string Engine { get; } = typeof(WutsServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "WutsEngine").Value!;

    public static IEnumerable<(string Label, string Value)> Describe(string[] args)
    {
        yield return ("command", args.Length == 0 ? "make bench" : $"make bench ARGS=\"{string.Join(' ', args)}\"");
        yield return ("commit", ReadCommit());
        yield return ("engine", Engine);
        yield return ("processor", $"{Environment.ProcessorCount} × {ReadFirst("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString()}");
        yield return ("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GB");
        yield return ("runtime", $"{RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC, {RuntimeInformation.RuntimeIdentifier}");
        yield return ("load before", File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] + " (of the last minute)" : "unknown");
    }

    private static string? ReadFirst(string path, string name) => File.Exists(path)
        ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        : null;

    private static string ReadCommit()
    {
        var commit = Git("rev-parse --short HEAD");
        return commit is null ? "unknown" : string.IsNullOrEmpty(Git("status --porcelain --untracked-files=no")) ? commit : $"{commit}, with changes";
    }

    private static string? Git(string arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no git here
        }
    }
}

using System.Diagnostics;

namespace Wuts.Deploy.Tests;

/// <summary>A program of the operator's, if this machine has it.</summary>
internal static class Tool
{
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs it to its end, which must come within a minute.</summary>
    public static (int ExitCode, string Output, string Errors) Run(string name, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
        {
            process.Kill();
            throw new TimeoutException($"{name} {string.Join(' ', arguments)} did not end within a minute.");
        }

        return (process.ExitCode, output, errors.Result);
    }
}

/// <summary>A fact that needs <c>promtool</c>.</summary>
public sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute() => Skip = Tool.Find("promtool") is null ? "promtool is not on the path (Debian: prometheus)." : null;
}

using System.Diagnostics;

namespace Wuts.Testing;

/// <summary>A disk of 64 MB in memory, to be filled up and freed again. Mounting it needs root.</summary>
public sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Why there can be none on this machine; <c>null</c> when there can.</summary>
    public static string? UnavailableBecause { get; } = Try();

    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    public static SmallDisk Mount()
    {
        var folder = Directory.CreateTempSubdirectory("wuts-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder) is { } error)
        {
            Directory.Delete(folder);
            throw new IOException(error);
        }

        return new SmallDisk(folder);
    }

    /// <summary>Takes what is free, and at once again what is freed while it does so, to the last byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 1024 * 1024; size > 0; size /= 2)
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // Less may still fit.
            }
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private static string? Try()
    {
        try
        {
            Mount().Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception)
        {
            return $"A small disk cannot be mounted here: {e.Message.Trim()}";
        }
    }

    private static string? Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error;
    }
}

using System.Globalization;
using Microsoft.Extensions.Options;

namespace Wuts.Server;

/// <summary>
/// The data folder, held by one process at a time: two would each believe they are the only silo on the same file. The lock is
/// the operating system's, so it ends with the process, however that ends.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    public DataFolder(IOptions<ServerOptions> options)
    {
        FullPath = Path.GetFullPath(options.Value.DataPath);
        var owner = Path.Combine(FullPath, "wuts.pid");
        try
        {
            Directory.CreateDirectory(FullPath);
            _lock = new FileStream(Path.Combine(FullPath, "wuts.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(owner))
        {
            throw new StartupException(
                $"The data in {FullPath} is in use by process {File.ReadAllText(owner).Trim()}. Stop that one first, or give this one a folder of its own with --data.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder {FullPath} (Wuts:DataPath) cannot be used: {e.Message}");
        }

        File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
    }

    public string FullPath { get; }

    public string PathOf(string name) => Path.Combine(FullPath, name);

    public void Dispose() => _lock.Dispose();
}

/// <summary>The process cannot start, for a reason that its operator can mend. The message is all that he needs.</summary>
public sealed class StartupException(string message, Exception? cause = null) : Exception(message, cause);

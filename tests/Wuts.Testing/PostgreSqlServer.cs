using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Wuts.Testing;

/// <summary>
/// A PostgreSQL server of the test's own, on 127.0.0.1 and a free port, with its data in a new folder under /tmp. It ends, and its
/// data goes, when it is disposed or when the test process ends, however that ends.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Ready = "database system is ready to accept connections";

    // PostgreSQL refuses to run as root. Reading the end of our pipe, the shell knows that we are gone.
    private const string Script = """
        data=$(mktemp -d /tmp/wuts-postgresql-XXXXXX) && cd "$data" || exit 1
        trap 'rm -rf "$data"' EXIT
        "$1/initdb" --auth=trust --username=wuts --encoding=UTF8 --locale=C -D "$data/db" > /dev/null || exit 1
        "$1/postgres" -D "$data/db" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 &
        cat > /dev/null
        kill -INT $!
        wait $!
        """;

    private static readonly string[] Tools = ["initdb", "postgres", "createdb"];
    private static readonly Lazy<Task<PostgreSqlServer>> Started = new(StartAsync);

    private readonly Process _shell;
    private readonly int _port;
    private int _databases;

    private PostgreSqlServer(Process shell, int port)
    {
        _shell = shell;
        _port = port;
    }

    /// <summary>Why there can be no server on this machine; <c>null</c> when there can.</summary>
    public static string? UnavailableBecause { get; } =
        FindBinaries() is null ? "PostgreSQL is not installed: no initdb on the path, nor in /usr/lib/postgresql/*/bin." : null;

    /// <summary>One server for all tests of the process.</summary>
    public static Task<PostgreSqlServer> Shared => Started.Value;

    /// <summary>Starts a server of its own, for a test that will stop it.</summary>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        var binaries = FindBinaries() ?? throw new InvalidOperationException(UnavailableBecause);
        var port = FreePort();
        string[] shell = ["sh", "-c", Script, "sh", binaries, port.ToString(CultureInfo.InvariantCulture)];
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", FindUser(), "--", .. shell] : shell;
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/tmp",
        };
        var process = Process.Start(start)!;
        var log = new List<string>();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) => Note(line.Data, log, ready);
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return new PostgreSqlServer(process, port);
    }

    /// <summary>Makes an empty database, and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        string[] arguments = ["-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "wuts", name];
        using var process = Process.Start(Path.Combine(FindBinaries()!, "createdb"), arguments);
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? $"Host=127.0.0.1;Port={_port};Username=wuts;Database={name}"
            : throw new InvalidOperationException($"createdb ended with {process.ExitCode}.");
    }

    /// <summary>Stops the server, breaking off its connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private static void Note(string? line, List<string> log, TaskCompletionSource ready)
    {
        if (line is null)
        {
            ready.TrySetException(new InvalidOperationException($"PostgreSQL did not start:\n{string.Join('\n', log)}"));
        }
        else if (line.Contains(Ready, StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
        else if (!ready.Task.IsCompleted)
        {
            log.Add(line);
        }
    }

    private static string? FindBinaries()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => folder, StringComparer.Ordinal).Select(folder => $"{folder}/bin")
            : [];
        return path.Concat(installed).FirstOrDefault(folder => Tools.All(tool => File.Exists(Path.Combine(folder, tool))));
    }

    private static string FindUser() =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).Contains("postgres") ? "postgres" : "nobody";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

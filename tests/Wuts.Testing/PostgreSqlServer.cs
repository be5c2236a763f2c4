using System.Diagnostics;
using System.Globalization;

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
        start() {
            "$1/postgres" -D "$data/db" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 &
            server=$!
        }
        start "$@"
        while read -r command; do
            case $command in
                crash) kill -QUIT $server; wait $server; echo crashed >&2 ;;
                start) start "$@" ;;
            esac
        done
        kill -INT $server
        wait $server
        """;

    private static readonly string[] Tools = ["initdb", "postgres", "createdb"];
    private static readonly Lazy<Task<PostgreSqlServer>> Started = new(StartAsync);

    private readonly Process _shell;
    private readonly ServerLog _log;
    private readonly int _port;
    private int _databases;

    private PostgreSqlServer(Process shell, ServerLog log, int port) => (_shell, _log, _port) = (shell, log, port);

    /// <summary>Why there can be no server on this machine; <c>null</c> when there can.</summary>
    public static string? UnavailableBecause { get; } =
        FindBinaries() is null ? "PostgreSQL is not installed: no initdb on the path, nor in /usr/lib/postgresql/*/bin." : null;

    /// <summary>One server for all tests of the process.</summary>
    public static Task<PostgreSqlServer> Shared => Started.Value;

    /// <summary>Starts a server of its own, for a test that will stop it.</summary>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        var binaries = FindBinaries() ?? throw new InvalidOperationException(UnavailableBecause);
        var port = FreePort.Next();
        string[] shell = ["sh", "-c", Script, "sh", binaries, port.ToString(CultureInfo.InvariantCulture)];
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", FindUser(), "--", .. shell] : shell;
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/tmp",
        };
        var log = new ServerLog();
        var ready = log.Await(Ready);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => log.Note(line.Data);
        process.BeginErrorReadLine();
        await ready;
        return new PostgreSqlServer(process, log, port);
    }

    /// <summary>Ends it as a crash would: every connection breaks, and it will have to recover. Its data stays.</summary>
    public Task CrashAsync() => CommandAsync("crash", "crashed");

    /// <summary>Starts it again after a crash. Returns when it takes connections.</summary>
    public Task RestartAsync() => CommandAsync("start", Ready);

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

    private async Task CommandAsync(string command, string answer)
    {
        var done = _log.Await(answer);
        await _shell.StandardInput.WriteLineAsync(command);
        await _shell.StandardInput.FlushAsync();
        await done;
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

    /// <summary>What the server writes, one awaited line at a time.</summary>
    private sealed class ServerLog
    {
        private readonly Lock _gate = new();
        private readonly List<string> _lines = [];
        private string _awaited = string.Empty;
        private TaskCompletionSource _came = new();

        public Task Await(string line)
        {
            lock (_gate)
            {
                _lines.Clear();
                _awaited = line;
                _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
                return _came.Task.WaitAsync(TimeSpan.FromSeconds(60));
            }
        }

        public void Note(string? line)
        {
            lock (_gate)
            {
                if (line is null)
                {
                    _came.TrySetException(new InvalidOperationException($"PostgreSQL ended before it wrote '{_awaited}':\n{string.Join('\n', _lines)}"));
                }
                else if (line.Contains(_awaited, StringComparison.Ordinal))
                {
                    _came.TrySetResult();
                }
                else if (!_came.Task.IsCompleted)
                {
                    _lines.Add(line);
                }
            }
        }
    }
}

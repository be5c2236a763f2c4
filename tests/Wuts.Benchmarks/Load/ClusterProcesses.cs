using System.Diagnostics;
using System.Globalization;
using Wuts.Testing;

namespace Wuts.Benchmarks.Load;

/// <summary>The simulated network, silos and one gateway, each a process on loopback. They end with this one's patience, not by themselves.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    public const string MetricsToken = "benchmark-metrics-token";
    private const string SimulatorToken = "benchmark-simulator-token";
    private const string Silo = "silo";
    private const string EncryptionKey = "benchmark-encryption-key-0123456789";

    private readonly List<(string Role, Uri Address, Process Process)> _processes = [];

    private ClusterProcesses() => (Gateway, Network) = (NewAddress(), NewAddress());

    public Uri Gateway { get; }

    public Uri Network { get; }

    public IEnumerable<Uri> Silos => _processes.Where(process => process.Role == Silo).Select(process => process.Address);

    /// <param name="settings">More settings of the silos, as on their command line.</param>
    public static async Task<ClusterProcesses> StartAsync(string connectionString, string folder, int silos, params string[] settings)
    {
        var cluster = new ClusterProcesses();
        var environment = new Dictionary<string, string>
        {
            ["WUTS__MASTERTOKEN"] = Installation.MasterToken,
            ["WUTS__ENCRYPTIONKEY"] = EncryptionKey,
            ["WUTS__STORAGE__PROVIDER"] = "postgres",
            ["WUTS__STORAGE__CONNECTIONSTRING"] = connectionString,
            ["WUTS__SIMULATOR__URL"] = cluster.Network.ToString(),
            ["WUTS__SIMULATOR__TOKEN"] = SimulatorToken,
            ["WUTS__TELEMETRY__METRICSTOKEN"] = MetricsToken,
            ["WUTS__CLUSTER__ADVERTISEDADDRESS"] = "127.0.0.1",
            ["WUTS__WEBHOOKS__ALLOWPRIVATETARGETS"] = "true",
            ["LOGGING__LOGLEVEL__DEFAULT"] = "Error",
            ["LOGGING__LOGLEVEL__WUTS"] = "Error",
        };
        await cluster.AddAsync(environment, "simulator", cluster.Network, "--data", folder, "--Wuts:Simulator:Events", Text(cluster.Gateway));
        for (var silo = 0; silo < silos; silo++)
        {
            await cluster.AddAsync(environment, Silo, NewAddress(), ["--silo-port", NewPort(), "--gateway-port", NewPort(), .. settings]);
        }

        await cluster.AddAsync(environment, "gateway", cluster.Gateway);
        return cluster;
    }

    /// <summary>What the processes of each role have used of the processors so far.</summary>
    public Dictionary<string, TimeSpan> ProcessorTimes() => _processes
        .GroupBy(process => process.Role, process => process.Process)
        .ToDictionary(role => role.Key, role => TimeSpan.FromTicks(role.Sum(process =>
        {
            process.Refresh();
            return process.TotalProcessorTime.Ticks;
        })));

    /// <summary>Ends a silo as a failure of its machine does: it tells nobody.</summary>
    public async Task KillAsync(Uri silo)
    {
        var killed = _processes.Single(process => process.Address == silo);
        _processes.Remove(killed);
        killed.Process.Kill();
        await killed.Process.WaitForExitAsync();
        killed.Process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, _, process) in Enumerable.Reverse(_processes))
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private async Task AddAsync(Dictionary<string, string> environment, string role, Uri address, params string[] arguments)
    {
        string[] all = [Path.Combine(AppContext.BaseDirectory, "wuts.dll"), "--role", role, "--urls", Text(address), .. arguments];
        var start = new ProcessStartInfo("dotnet", all) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var up = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("listening on", StringComparison.Ordinal) == true)
            {
                up.TrySetResult(true);
            }
        };
        process.Start();
        process.BeginOutputReadLine();
        _ = process.WaitForExitAsync().ContinueWith(_ => up.TrySetResult(false), TaskScheduler.Default);
        _processes.Add((role, address, process));
        if (!await up.Task)
        {
            throw new InvalidOperationException($"The {role} did not start.");
        }
    }

    private static string Text(Uri address) => address.ToString().TrimEnd('/');

    private static Uri NewAddress() => new($"http://127.0.0.1:{NewPort()}");

    private static string NewPort() => FreePort.Next().ToString(CultureInfo.InvariantCulture);
}

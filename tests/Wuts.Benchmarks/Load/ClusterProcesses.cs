using System.Diagnostics;
using System.Globalization;
using Wuts.Testing;

namespace Wuts.Benchmarks.Load;

/// <summary>The simulated network, silos and one gateway, each a process on loopback. They end with this one's patience, not by themselves.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private const string SimulatorToken = "benchmark-simulator-token";
    private const string EncryptionKey = "benchmark-encryption-key-0123456789";

    private readonly List<(string Role, Process Process)> _processes = [];

    private ClusterProcesses() => (Gateway, Network) = (NewAddress(), NewAddress());

    public Uri Gateway { get; }

    public Uri Network { get; }

    public static async Task<ClusterProcesses> StartAsync(string connectionString, string folder, int silos)
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
            ["WUTS__CLUSTER__ADVERTISEDADDRESS"] = "127.0.0.1",
            ["WUTS__WEBHOOKS__ALLOWPRIVATETARGETS"] = "true",
            ["LOGGING__LOGLEVEL__DEFAULT"] = "Error",
            ["LOGGING__LOGLEVEL__WUTS"] = "Error",
        };
        await cluster.AddAsync(environment, "simulator", "--urls", Text(cluster.Network), "--data", folder, "--Wuts:Simulator:Events", Text(cluster.Gateway));
        for (var silo = 0; silo < silos; silo++)
        {
            await cluster.AddAsync(environment, "silo", "--urls", Text(NewAddress()), "--silo-port", NewPort(), "--gateway-port", NewPort());
        }

        await cluster.AddAsync(environment, "gateway", "--urls", Text(cluster.Gateway));
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

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, process) in Enumerable.Reverse(_processes))
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private async Task AddAsync(Dictionary<string, string> environment, string role, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "wuts.dll"), "--role", role, .. arguments]) { RedirectStandardOutput = true };
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
        _processes.Add((role, process));
        if (!await up.Task)
        {
            throw new InvalidOperationException($"The {role} did not start.");
        }
    }

    private static string Text(Uri address) => address.ToString().TrimEnd('/');

    private static Uri NewAddress() => new($"http://127.0.0.1:{NewPort()}");

    private static string NewPort() => FreePort.Next().ToString(CultureInfo.InvariantCulture);
}

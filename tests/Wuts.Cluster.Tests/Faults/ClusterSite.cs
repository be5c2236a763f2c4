using System.Data.Common;
using System.Globalization;
using Npgsql;
using Wuts.EndToEnd.Tests;
using Wuts.EndToEnd.Tests.Witnesses;
using Wuts.Testing;

namespace Wuts.Cluster.Tests.Faults;

/// <summary>A PostgreSQL server, silos, gateways and the simulated network, each a process of its own.</summary>
internal sealed class ClusterSite : Site
{
    private const string EncryptionKey = "encryption-key-of-this-test-0123456789";
    private const string SimulatorToken = "simulator-token-of-this-test";

    private readonly NpgsqlConnectionStringBuilder _database;
    private readonly List<WutsProcess> _silos = [];
    private readonly List<WutsProcess> _gateways = [];

    private readonly IReadOnlyList<(string Name, string Value)> _settings;

    private ClusterSite(PostgreSqlServer server, string database, int gateways, IReadOnlyList<(string Name, string Value)> settings)
    {
        Server = server;
        _settings = settings;
        _database = new(database) { Pooling = false };
        Network = new WutsProcess("simulator", ["--Wuts:Simulator:Token", SimulatorToken, .. RoughNetwork]);
        _gateways.AddRange(Enumerable.Range(0, gateways).Select(_ => Member("gateway")));
    }

    public override string Database => "PostgreSQL";

    public PostgreSqlServer Server { get; }

    public IReadOnlyList<WutsProcess> Silos => _silos;

    public IReadOnlyList<WutsProcess> Gateways => _gateways;

    public override WutsProcess Api => _gateways[0];

    public override WutsProcess Network { get; }

    public override string Output => string.Join("\n", _silos.Concat(_gateways).Append(Network).Select(process => process.Output));

    /// <param name="settings">Of silos and gateways, as environment variables.</param>
    public static async Task<ClusterSite> CreateAsync(int silos = 2, int gateways = 2, params (string Name, string Value)[] settings)
    {
        var server = await PostgreSqlServer.StartAsync();
        var site = new ClusterSite(server, await server.CreateDatabaseAsync(), gateways, settings);
        for (var silo = 0; silo < silos; silo++)
        {
            site.NewSilo();
        }

        return site;
    }

    public override async Task StartAsync()
    {
        await StartNetworkAsync();
        await StartAsync(_silos[0]); // applies the migrations
        await Task.WhenAll(_silos.Skip(1).Concat(_gateways).Select(StartAsync));
    }

    public async Task StartNetworkAsync()
    {
        var events = string.Join(';', _gateways.Select(gateway => gateway.Url));
        Assert.True(await Network.StartAsync("--Wuts:Simulator:Events", events), Network.Output);
    }

    /// <summary>Adds a silo to a running cluster.</summary>
    public async Task<WutsProcess> AddSiloAsync()
    {
        var silo = NewSilo();
        await StartAsync(silo);
        return silo;
    }

    public static async Task StartAsync(WutsProcess process) => Assert.True(await process.StartAsync(), process.Output);

    public override HttpClient Connect() =>
        new(new LoadBalancer([.. _gateways.Select(gateway => new Uri(gateway.Url))])) { BaseAddress = new Uri("http://wuts"), Timeout = Timeout.InfiniteTimeSpan };

    public override async Task<DbConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var process in _gateways.Concat(_silos).Append(Network))
        {
            await process.DisposeAsync();
        }

        await Server.DisposeAsync();
    }

    private WutsProcess NewSilo()
    {
        var number = _silos.Count + 1;
        var silo = Member(
            "silo", "--silo-port", NewPort(), "--gateway-port", NewPort(), "--advertise", "127.0.0.1", "--Wuts:Cluster:SiloName", $"silo-{number}");
        _silos.Add(silo);
        return silo;
    }

    private WutsProcess Member(string role, params string[] settings)
    {
        var shared = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = true, MaxPoolSize = 16 };
        var process = new WutsProcess(role, ["--storage", "postgres", "--connection-string", shared.ConnectionString, "--encryption-key", EncryptionKey, .. settings]);
        process.Environment["WUTS__SIMULATOR__TOKEN"] = SimulatorToken;
        process.Environment["WUTS__SIMULATOR__URL"] = Network.Url;
        foreach (var (name, value) in _settings)
        {
            process.Environment[name] = value;
        }

        return process;
    }

    private static string NewPort() => FreePort.Next().ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Wuts.Benchmarks.Databases;
using Wuts.Benchmarks.Load;

namespace Wuts.Benchmarks.Fairness;

/// <summary>
/// Ten tenants share a rate. First nine of them send now and then, alone; then they do so beside the tenth, which has queued as much as it
/// could. At last all have more queued than the rate lets through: with equal weights, where asked for with a silo killed in it, and with
/// weights of 1, 2 and 5.
/// </summary>
internal sealed class FairnessRun(BenchmarkDatabase database, BenchmarkOptions options)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    // A thousand messages, so that their slowest hundredth is not a matter of one moment.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(31);
    private static readonly TimeSpan SinceKill = TimeSpan.FromSeconds(60);

    // What leaves while more is being queued, so that nobody runs out of it.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(20);

    private static readonly int[] Equal = [.. Enumerable.Repeat(1, Traffic.Tenants)];
    private static readonly int[] Unequal = [1, 2, 5, 1, 2, 5, 1, 2, 5, 1];

    private readonly string _rate = $"--Wuts:Pools:Dispatch:Rate={options.Rate.ToString(CultureInfo.InvariantCulture)}";

    /// <returns>How many messages came to the network more than once.</returns>
    public async Task<int> RunAsync(string folder)
    {
        await using var sink = await WebhookSink.StartAsync();
        var connectionString = await database.CreateAsync();
        var cluster = options.Silos > 0 ? await ClusterProcesses.StartAsync(connectionString, folder, options.Silos, _rate) : null;
        FairnessTimes times;
        NetworkTakes network;
        IReadOnlyList<Departure> departures;
        List<string> tenants;
        await using (var installation = await StartAsync(cluster, connectionString, folder, sink))
        {
            tenants = await database.ReadTenantsAsync(connectionString);
            times = await SendAsync(installation, cluster, tenants);
            departures = await database.ReadDeparturesAsync(connectionString);
            network = await NetworkTakes.ReadAsync(installation.Network);
        }

        var where = options.Silos == 0 ? "one process" : $"{options.Silos} silos, 1 gateway{(options.Kill ? ", a silo killed" : "")}";
        Console.WriteLine($"\n{database.Description}: fair share, {where}\n");
        Report.Write(new FairnessTable(options, times, new(departures), network, tenants).Rows(Unequal));
        return network.Repeated;
    }

    private async Task<Installation> StartAsync(ClusterProcesses? cluster, string connectionString, string folder, WebhookSink sink) => cluster is null
        ? await Installation.StartAsync(database.Provider, connectionString, folder, Traffic.Tenants * Traffic.DevicesOfTenant, sink.Url, _rate)
        : await Installation.StartAsync(cluster, Traffic.Tenants * Traffic.DevicesOfTenant, sink.Url);

    private async Task<FairnessTimes> SendAsync(Installation installation, ClusterProcesses? cluster, List<string> tenants)
    {
        using var traffic = new Traffic(installation);
        await traffic.SendQuietlyAsync(WarmUp);
        var alone = await traffic.SendQuietlyAsync(Calm);
        var queueing = await traffic.QueueAsync([options.Messages, .. new int[Traffic.Tenants - 1]]);
        var beside = await traffic.SendQuietlyAsync(Calm);

        await traffic.QueueAsync(Enough(Equal, options.Kill ? Busy + SinceKill : Busy));
        var equal = await PassAsync(Busy);
        Stretch? sinceKill = null;
        if (options.Kill)
        {
            await cluster!.KillAsync(await PoolSilo.FindAsync(cluster.Silos));
            sinceKill = await PassAsync(SinceKill);
        }

        await WeighAsync(installation, tenants);
        await traffic.QueueAsync(Enough(Unequal, Busy));
        return new(alone, queueing, beside, equal, sinceKill, Weighted: await PassAsync(Busy), traffic.Repeated);
    }

    private int[] Enough(int[] weights, TimeSpan time) =>
        [.. weights.Select(weight => (int)Math.Ceiling(options.Rate * (time + Reserve).TotalSeconds * weight / weights.Sum()))];

    private static async Task<Stretch> PassAsync(TimeSpan time)
    {
        var from = Stretch.Now;
        await Task.Delay(time);
        return new(from, Stretch.Now);
    }

    private static async Task WeighAsync(Installation installation, List<string> tenants)
    {
        using var api = new SetUpClient(installation.Address);
        foreach (var (tenant, weight) in tenants.Zip(Unequal))
        {
            await api.PutAsync($"/tenants/{tenant}/limits", new { weight }, Installation.MasterToken);
        }
    }
}

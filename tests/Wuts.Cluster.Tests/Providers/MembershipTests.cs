using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime;
using Orleans.Runtime.Membership;
using Orleans.Runtime.MembershipService;
using Wuts.Testing;

namespace Wuts.Cluster.Tests.Providers;

/// <summary>The table in which silos find each other. Its version guards every change but a silo's own sign of life.</summary>
public sealed class MembershipTests(ClusterDatabase database) : IClassFixture<ClusterDatabase>
{
    private static readonly DateTime Start = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [PostgreSqlFact]
    public async Task A_new_cluster_begins_empty_and_is_made_once()
    {
        var table = await NewTableAsync("new");
        var again = await NewTableAsync("new");

        Assert.Empty((await table.ReadAll()).Members);
        Assert.Equal(0, (await again.ReadAll()).Version.Version);
    }

    [PostgreSqlFact]
    public async Task A_silo_that_joins_is_read_back_as_it_was_written()
    {
        var table = await NewTableAsync("joins");
        var silo = Silo(1);
        silo.StartTime = Start.AddTicks(1_234_560); // PostgreSQL keeps microseconds
        await InsertAsync(table, silo);

        var all = await table.ReadAll();
        var one = await table.ReadRow(silo.SiloAddress);

        Assert.Equal(1, all.Version.Version);
        Assert.Equal(1, one.Version.Version);
        foreach (var read in new[] { Assert.Single(all.Members).Item1, Assert.Single(one.Members).Item1 })
        {
            Assert.Equal(silo.SiloAddress, read.SiloAddress);
            Assert.Equal(("silo-1", "ação.example", 30001, SiloStatus.Joining), (read.SiloName, read.HostName, read.ProxyPort, read.Status));
            Assert.Equal((silo.StartTime, silo.IAmAliveTime), (read.StartTime, read.IAmAliveTime));
            Assert.Equal(DateTimeKind.Utc, read.StartTime.Kind);
            Assert.Empty(read.SuspectTimes ?? []);
        }
    }

    [PostgreSqlFact]
    public async Task A_silo_that_is_not_there_still_tells_the_version()
    {
        var table = await NewTableAsync("absent");
        await InsertAsync(table, Silo(1));

        var absent = await table.ReadRow(Silo(2).SiloAddress);

        Assert.Empty(absent.Members);
        Assert.Equal(1, absent.Version.Version);
    }

    [PostgreSqlFact]
    public async Task A_silo_joins_once_and_only_at_the_version_it_has_read()
    {
        var table = await NewTableAsync("once");
        var before = (await table.ReadAll()).Version;
        Assert.True(await table.InsertRow(Silo(1), before.Next()));

        Assert.False(await table.InsertRow(Silo(2), before.Next()), "with a version that moved on");
        Assert.False(await table.InsertRow(Silo(1), (await table.ReadAll()).Version.Next()), "with an address that is taken");

        var after = await table.ReadAll();
        Assert.Single(after.Members);
        Assert.Equal(1, after.Version.Version);
    }

    [PostgreSqlFact]
    public async Task Of_silos_that_join_at_the_same_moment_one_is_first()
    {
        var table = await NewTableAsync("race");
        var version = (await table.ReadAll()).Version;

        var joined = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => table.InsertRow(Silo(i), version.Next())));

        Assert.Single(joined, true);
        Assert.Single((await table.ReadAll()).Members);
    }

    [PostgreSqlFact]
    public async Task An_update_needs_the_version_it_has_read()
    {
        var table = await NewTableAsync("update");
        var silo = Silo(1);
        await InsertAsync(table, silo);
        var (_, etag) = Assert.Single((await table.ReadAll()).Members);
        var stale = (await table.ReadAll()).Version;
        silo.Status = SiloStatus.Active;
        silo.AddSuspector(Silo(2).SiloAddress, Start.AddSeconds(7));
        silo.AddSuspector(Silo(3).SiloAddress, Start.AddSeconds(8));
        Assert.True(await table.UpdateRow(silo, etag, stale.Next()));

        silo.Status = SiloStatus.Dead;
        Assert.False(await table.UpdateRow(silo, etag, stale.Next()), "with a version that moved on");
        Assert.False(await table.UpdateRow(Silo(9), etag, (await table.ReadAll()).Version.Next()), "of a silo that never joined");

        var after = await table.ReadAll();
        var read = Assert.Single(after.Members).Item1;
        Assert.Equal((2, SiloStatus.Active), (after.Version.Version, read.Status));
        Assert.Equal([(2, Start.AddSeconds(7)), (3, Start.AddSeconds(8))], read.SuspectTimes!.Select(s => (s.Item1.Generation, s.Item2)));
    }

    [PostgreSqlFact]
    public async Task A_sign_of_life_changes_its_own_row_and_no_version()
    {
        var table = await NewTableAsync("alive");
        var silo = Silo(1);
        await InsertAsync(table, silo);
        await InsertAsync(table, Silo(2));

        silo.IAmAliveTime = Start.AddMinutes(1);
        await table.UpdateIAmAlive(silo);

        var after = await table.ReadAll();
        Assert.Equal(2, after.Version.Version);
        Assert.Equal([Start.AddMinutes(1), Start], after.Members.Select(m => m.Item1).OrderBy(m => m.SiloName).Select(m => m.IAmAliveTime));
    }

    [PostgreSqlFact]
    public async Task Clean_up_removes_what_is_old_and_not_active()
    {
        var table = await NewTableAsync("defunct");
        foreach (var status in Enum.GetValues<SiloStatus>())
        {
            await InsertAsync(table, Silo((int)status + 1, status));
        }

        var young = Silo(20, SiloStatus.Dead);
        young.IAmAliveTime = Start.AddDays(2);
        await InsertAsync(table, young);

        await table.CleanupDefunctSiloEntries(new DateTimeOffset(Start.AddDays(1)));

        Assert.Equal(
            [SiloStatus.Active, SiloStatus.Dead],
            (await table.ReadAll()).Members.Select(m => m.Item1.Status).Order());
    }

    [PostgreSqlFact]
    public async Task Deleting_a_cluster_leaves_the_others()
    {
        var (table, other) = (await NewTableAsync("gone"), await NewTableAsync("stays"));
        await InsertAsync(table, Silo(1));
        await InsertAsync(other, Silo(1));

        await table.DeleteMembershipTableEntries("gone");

        await table.InitializeMembershipTable(true);
        Assert.Empty((await table.ReadAll()).Members);
        Assert.Single((await other.ReadAll()).Members);
    }

    [PostgreSqlFact]
    public async Task Clients_are_told_the_active_silos_that_have_a_gateway()
    {
        var table = await NewTableAsync("gateways");
        var withoutGateway = Silo(3, SiloStatus.Active);
        withoutGateway.ProxyPort = 0;
        await InsertAsync(table, Silo(1, SiloStatus.Active));
        await InsertAsync(table, Silo(2));
        await InsertAsync(table, withoutGateway);

        var gateways = new AdoNetGatewayListProvider(
            NullLogger<AdoNetGatewayListProvider>.Instance,
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new AdoNetClusteringClientOptions { Invariant = ClusterDatabase.Invariant, ConnectionString = database.ConnectionString }),
            Options.Create(new GatewayOptions()),
            Options.Create(new ClusterOptions { ClusterId = "gateways", ServiceId = "wuts" }));
        await gateways.InitializeGatewayListProvider();

        var gateway = Assert.Single(await gateways.GetGateways());
        Assert.Equal(new(IPAddress.Loopback, 30001), gateway.ToGatewayAddress()!.Endpoint);
    }

    private static MembershipEntry Silo(int number, SiloStatus status = SiloStatus.Joining) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11111, number),
        SiloName = $"silo-{number}",
        HostName = "ação.example",
        Status = status,
        ProxyPort = 30000 + number,
        StartTime = Start,
        IAmAliveTime = Start,
    };

    private static async Task InsertAsync(IMembershipTable table, MembershipEntry silo) =>
        Assert.True(await table.InsertRow(silo, (await table.ReadAll()).Version.Next()));

    private async Task<IMembershipTable> NewTableAsync(string cluster)
    {
        var table = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = cluster, ServiceId = "wuts" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = ClusterDatabase.Invariant, ConnectionString = database.ConnectionString }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTable(true);
        return table;
    }
}

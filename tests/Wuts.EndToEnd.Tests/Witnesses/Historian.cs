using System.Collections.Immutable;
using System.Data.Common;
using System.Diagnostics;
using Wuts.EndToEnd.Tests.Load;
using Wuts.Testing.Checking;

namespace Wuts.EndToEnd.Tests.Witnesses;

/// <summary>Asks all witnesses of a run, once nothing moves any more.</summary>
internal static class Historian
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until every message has come to its end and every webhook has arrived. What did not come in time fails the test by its name.</summary>
    public static async Task AwaitCalmAsync(Site site, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        while (await ListUnfinishedAsync(site) is { IsEmpty: false } unfinished)
        {
            Assert.True(
                watch.Elapsed < patience,
                $"After {patience} there are {unfinished.Length} unfinished things, such as: {string.Join("; ", unfinished.Take(10))}\n{site.Output}");
            await Task.Delay(Interval);
        }
    }

    /// <param name="clockTolerance">How far the process' clock was from that of the clients.</param>
    public static async Task<History> WriteAsync(
        Site site,
        Tenant tenant,
        RequestLog requests,
        WebhookReceiver receiver,
        ImmutableArray<Disturbance> disturbances,
        TimeSpan clockTolerance)
    {
        await using var database = await site.OpenAsync();
        var log = await site.Network.ReadNetworkLogAsync();
        return new()
        {
            Requests = requests.Requests,
            HandOvers = NetworkStory.HandOvers(log),
            Receipts = NetworkStory.Receipts(log),
            Messages = await StoredRows.ReadMessagesAsync(database),
            Events = await StoredRows.ReadEventsAsync(database),
            WebhookTries = receiver.Tries(tenant),
            Disturbances = disturbances,
            WatchedEndpoints = [.. tenant.Devices.Select(d => new WatchedEndpoint(d.EndpointId, tenant.Id, d.Id))],
            MostRepeatedHandOvers = disturbances.Length * tenant.Devices.Length, // one was in flight in each device
            ClockTolerance = clockTolerance,
        };
    }

    // The network first, or what it tells last would come after the look at the rows; and the rows also before, for that costs less.
    private static async Task<ImmutableArray<string>> ListUnfinishedAsync(Site site)
    {
        if (await ListUnfinishedRowsAsync(site) is { IsEmpty: false } unfinished)
        {
            return unfinished;
        }

        var untold = NetworkStory.ListUnacknowledged(await site.Network.ReadNetworkLogAsync());
        return untold.IsEmpty ? await ListUnfinishedRowsAsync(site) : untold;
    }

    private static async Task<ImmutableArray<string>> ListUnfinishedRowsAsync(Site site)
    {
        try
        {
            await using var database = await site.OpenAsync();
            return await StoredRows.ListUnfinishedAsync(database);
        }
        catch (DbException e)
        {
            return [$"the database does not answer: {e.Message}"];
        }
    }
}

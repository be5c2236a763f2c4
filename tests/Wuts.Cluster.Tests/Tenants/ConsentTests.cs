using System.Net;
using System.Text.Json.Nodes;
using Wuts.Cluster.Tests.Faults;
using Wuts.EndToEnd.Tests;
using Wuts.EndToEnd.Tests.Load;
using Wuts.Testing;

namespace Wuts.Cluster.Tests.Tenants;

/// <summary>Who says stop is written to by no device of the tenant any more, whichever silo it lives on.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ConsentTests
{
    private const string Stopper = "5511988880001";
    private const string Other = "5511988880002";
    private const int OfEach = 30;
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(4);

    [PostgreSqlFact]
    public async Task What_waits_in_any_silo_for_who_says_stop_is_rejected_and_the_rest_stays()
    {
        await using var site = await ClusterSite.CreateAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await site.StartAsync();
        var tenant = await Tenant.RegisterAsync(site, receiver, devices: 8);
        var toStopper = await QueueAsync(site, tenant, Stopper);
        var toOther = await QueueAsync(site, tenant, Other);

        await site.Network.CallAsync(HttpMethod.Post, "/simulator/phones", new { number = Stopper });
        await site.Network.CallAsync(HttpMethod.Post, $"/simulator/phones/{Stopper}/messages", new { to = tenant.Devices[0].Phone, text = "STOP" });
        await UntilOptedOutAsync(site, tenant);

        foreach (var (gateway, device) in site.Gateways.SelectMany(_ => tenant.Devices, (gateway, device) => (gateway, device)))
        {
            using var refused = await gateway.SendAsync(HttpMethod.Post, "/send/text", new Order(device.Id, Stopper, "again", TimeSpan.Zero).Body, tenant.Token);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains("RECIPIENT_OPTED_OUT", await refused.Content.ReadAsStringAsync());
        }

        Assert.All(await UntilAsync(site, tenant, toStopper, states => states.All(state => state == "rejected")), state => Assert.Equal("rejected", state));
        Assert.All(await UntilAsync(site, tenant, toOther, _ => true), state => Assert.Equal("queued", state));
    }

    private static async Task<IReadOnlyList<string>> QueueAsync(ClusterSite site, Tenant tenant, string number) => await Task.WhenAll(
        Enumerable.Range(0, OfEach).Select(async i =>
        {
            var body = new Order(tenant.Devices[i % tenant.Devices.Length].Id, number, $"message {i}", Later).Body;
            return (string)(await site.Gateways[i % 2].CallAsync(HttpMethod.Post, "/send/text", body, tenant.Token, ("Prefer", "respond-async")))["message_id"]!;
        }));

    private static async Task UntilOptedOutAsync(ClusterSite site, Tenant tenant)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var answer = await site.Api.SendAsync(HttpMethod.Get, $"/consents/{Stopper}", null, tenant.Token);
            if (answer.IsSuccessStatusCode && (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(patience.Token))!["consent"]!["state"]! == "opted_out")
            {
                return;
            }

            await Task.Delay(100, patience.Token);
        }
    }

    private static async Task<string[]> UntilAsync(ClusterSite site, Tenant tenant, IReadOnlyList<string> ids, Func<string[], bool> isEnough)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var states = await Task.WhenAll(
                ids.Select(async id => (string)(await site.Api.CallAsync(HttpMethod.Get, $"/messages/{id}", token: tenant.Token))["state"]!));
            if (isEnough(states) || patience.IsCancellationRequested)
            {
                return states;
            }

            await Task.Delay(100);
        }
    }
}

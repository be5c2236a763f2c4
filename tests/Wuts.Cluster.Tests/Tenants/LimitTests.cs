using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Wuts.Cluster.Tests.Faults;
using Wuts.EndToEnd.Tests;
using Wuts.EndToEnd.Tests.Load;
using Wuts.Testing;

namespace Wuts.Cluster.Tests.Tenants;

/// <summary>A tenant's limits count once for the whole cluster, whichever gateway and silo its messages take.</summary>
[Collection(ClusterCollection.Name)]
public sealed class LimitTests : IAsyncLifetime
{
    private const int Clients = 100;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private ClusterSite _site = null!;
    private WebhookReceiver _receiver = null!;
    private Tenant _tenant = null!;

    public async Task InitializeAsync()
    {
        _site = await ClusterSite.CreateAsync();
        _receiver = await WebhookReceiver.StartAsync();
        await _site.StartAsync();
        _tenant = await Tenant.RegisterAsync(_site, _receiver, devices: 8);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [PostgreSqlFact]
    public async Task A_day_has_exactly_so_many_messages_through_two_gateways()
    {
        const int Daily = 200;
        await LimitAsync(new { messages_per_day = Daily });

        var sends = await SendAsync(accepted => accepted == Daily, after: 2 * Clients);

        Assert.Equal(Daily, sends.Count(send => send.Status == HttpStatusCode.Accepted));
        Assert.All(sends.Where(send => send.Status != HttpStatusCode.Accepted), send => Assert.True(send is { Status: HttpStatusCode.TooManyRequests, Violated: "daily" }, $"{send}"));
        Assert.Equal(Enumerable.Range(0, Daily), sends.Where(send => send.Status == HttpStatusCode.Accepted).Select(send => send.Remaining).Order());
    }

    [PostgreSqlFact]
    public async Task No_second_has_more_than_its_messages_through_two_gateways()
    {
        const int Rate = 10;
        await LimitAsync(new { messages_per_second = Rate });

        var sends = await SendAsync(accepted => accepted >= 5 * Rate, after: 0);

        // What was asked for after a moment and answered before a second later was admitted in between.
        var accepted = sends.Where(send => send.Status == HttpStatusCode.Accepted).ToArray();
        Assert.All(accepted, first => Assert.InRange(accepted.Count(send => send.AskedAt >= first.AskedAt && send.AnsweredAt < first.AskedAt + Second), 0, Rate));
        Assert.All(sends.Except(accepted), send => Assert.True(send is { Status: HttpStatusCode.TooManyRequests, Violated: "rate", RetryAfter: not null }, $"{send}"));
        Assert.All(accepted, send => Assert.InRange(send.Remaining, 0, Rate - 1));
    }

    private async Task LimitAsync(object limits) =>
        await _site.Api.CallAsync(HttpMethod.Put, $"/tenants/{_tenant.Id}/limits", limits, WutsProcess.MasterToken);

    /// <summary>A hundred clients send at once, each again and again, until enough is accepted and so many more have been asked for.</summary>
    private async Task<IReadOnlyCollection<Send>> SendAsync(Func<int, bool> isEnough, int after)
    {
        using var http = _site.Connect();
        var sends = new ConcurrentBag<Send>();
        var (accepted, more) = (0, after);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            while (!isEnough(Volatile.Read(ref accepted)) || Interlocked.Decrement(ref more) >= 0)
            {
                var send = await SendOneAsync(http, client);
                sends.Add(send);
                if (send.Status == HttpStatusCode.Accepted)
                {
                    Interlocked.Increment(ref accepted);
                }
            }
        }));
        return sends;
    }

    private async Task<Send> SendOneAsync(HttpClient http, int client)
    {
        var order = new Order(_tenant.Devices[client % _tenant.Devices.Length].Id, $"55118877{client:00000}", "hello", TimeSpan.Zero);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/send/text") { Content = JsonContent.Create(order.Body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tenant.Token);
        request.Headers.Add("Prefer", "respond-async");
        var askedAt = DateTimeOffset.UtcNow;
        using var answer = await http.SendAsync(request);
        var answeredAt = DateTimeOffset.UtcNow;
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var stand = answer.Headers.GetValues("RateLimit").Single();
        return new(
            askedAt, answeredAt, answer.StatusCode, (string?)body["violated_policies"]?[0],
            int.Parse(stand.Split("r=")[1].Split(';')[0]), answer.Headers.RetryAfter?.Delta);
    }

    private sealed record Send(DateTimeOffset AskedAt, DateTimeOffset AnsweredAt, HttpStatusCode Status, string? Violated, int Remaining, TimeSpan? RetryAfter);
}

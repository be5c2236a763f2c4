using System.Net;
using System.Text.Json;
using Wuts.Api.Tests.Support;

namespace Wuts.Api.Tests.Live;

[Collection(Live.Name)]
public sealed class QuotaTests(LiveServer server)
{
    [Fact]
    public async Task A_tenant_on_a_tier_is_counted_told_and_refused()
    {
        var tenant = await server.NewTenant();
        var (device, _) = await server.NewConnectedDevice(tenant);
        Assert.Null((await Send(tenant)).Is(HttpStatusCode.OK).Header("RateLimit"));
        await Put(tenant, new { tier = "trial", queue_depth = 50 });

        // What was used today before there was a limit is used.
        Assert.Matches("^\"daily\";r=1;t=[0-9]+, \"queue-depth\";r=[0-9]+$", (await Send(tenant)).Is(HttpStatusCode.OK).Header("RateLimit"));
        var last = await Send(tenant, ("Idempotency-Key", "last"));
        Assert.StartsWith("\"daily\";r=0;", last.Is(HttpStatusCode.OK).Header("RateLimit"), StringComparison.Ordinal);
        var refused = (await Send(tenant)).IsError(HttpStatusCode.TooManyRequests, "QUOTA_EXCEEDED");
        Assert.Equal("daily", Assert.Single(refused["violated_policies"].EnumerateArray()).GetString());
        Assert.Equal("\"daily\";q=3;w=86400, \"queue-depth\";q=50;qu=\"concurrent-requests\"", refused.Header("RateLimit-Policy"));
        var repeated = await Send(tenant, ("Idempotency-Key", "last"));
        Assert.Equal(last.Text("message_id"), repeated.Is(HttpStatusCode.OK).Text("message_id"));

        var told = await server.Receiver.Next(device, "quota.exceeded");
        Assert.Equal(("daily", 3), (told.GetProperty("data").GetProperty("policy").GetString(), told.GetProperty("data").GetProperty("limit").GetInt32()));
        var usage = await tenant.Get("/usage");
        Assert.Equal((3, 1), (usage["messages_today"].GetInt32(), usage["devices"].GetInt32()));
        Assert.Equal(["daily", "queue-depth", "devices"], usage["policies"].EnumerateArray().Select(policy => policy.GetProperty("name").GetString()));
        (await tenant.Post("/devices", new { name = "one too many" })).IsError(HttpStatusCode.Conflict, "DEVICE_LIMIT");

        await Put(tenant, new { });
        Assert.Null((await Send(tenant)).Is(HttpStatusCode.OK).Header("RateLimit"));
    }

    [Fact]
    public async Task Limits_that_do_not_fit_the_tier_are_refused_and_change_nothing()
    {
        var tenant = await server.NewTenant();
        var id = (await tenant.Get("/limits")).Text("limits.tenant_id");

        Assert.Equal("is unknown: it must be trial", (await TryPut(id, new { tier = "none of these" })).IsInvalid("tier"));
        Assert.StartsWith("needs a rate", (await TryPut(id, new { tier = "trial", burst = 5 })).IsInvalid("burst"), StringComparison.Ordinal);

        Assert.Equal(JsonValueKind.Null, (await tenant.Get("/limits"))["limits.tier"].ValueKind);
    }

    private async Task Put(ApiClient tenant, object limits) =>
        (await TryPut((await tenant.Get("/limits")).Text("limits.tenant_id"), limits)).Is(HttpStatusCode.OK);

    private Task<Reply> TryPut(string tenantId, object limits) =>
        server.Master.Send(HttpMethod.Put, $"/tenants/{tenantId}/limits", ApiClient.Json(JsonSerializer.Serialize(limits)));

    private static Task<Reply> Send(ApiClient tenant, params (string Name, string Value)[] headers) =>
        tenant.Post("/send/text", new { number = "5511988887777", text = "hello", typingDuration = 0 }, headers);
}

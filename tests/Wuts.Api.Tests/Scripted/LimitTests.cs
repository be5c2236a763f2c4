using System.Net;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Quotas;
using Wuts.Grains.Tenants;

namespace Wuts.Api.Tests.Scripted;

public sealed class LimitTests : IAsyncLifetime
{
    private FrontEnd _frontEnd = null!;

    private ApiClient Master => _frontEnd.As(FrontEnd.MasterToken);

    public async Task InitializeAsync() => _frontEnd = await FrontEnd.StartAsync();

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Theory]
    [InlineData("messages_per_second", "\"10\"", "must be a number from 0.001 to 10000, with three digits after the point at most")]
    [InlineData("messages_per_second", "0", "must be a number from 0.001 to 10000, with three digits after the point at most")]
    [InlineData("messages_per_second", "0.0015", "must be a number from 0.001 to 10000, with three digits after the point at most")]
    [InlineData("messages_per_second", "10000.5", "must be a number from 0.001 to 10000, with three digits after the point at most")]
    [InlineData("messages_per_second", "1e999", "must be a number from 0.001 to 10000, with three digits after the point at most")]
    [InlineData("burst", "0", "must be between 1 and 100000")]
    [InlineData("burst", "1.5", "must be a whole number")]
    [InlineData("messages_per_day", "0", "must be between 1 and 1000000000")]
    [InlineData("messages_per_day", "99999999999", "must be between 1 and 1000000000")]
    [InlineData("queue_depth", "10000001", "must be between 1 and 10000000")]
    [InlineData("devices", "-1", "must be between 1 and 100000")]
    [InlineData("new_recipients_per_day", "true", "must be a whole number")]
    [InlineData("weight", "1001", "must be between 1 and 1000")]
    [InlineData("tier", "7", "must be a string")]
    [InlineData("tier", "\"\"", "must be between 1 and 50 characters")]
    public async Task Each_field_says_what_it_must_be(string field, string value, string message) =>
        Assert.Equal(message, (await Put("acme", $$"""{"{{field}}":{{value}}}""")).IsInvalid(field));

    [Fact]
    public async Task All_of_them_are_set_and_what_is_null_or_left_out_is_not_limited()
    {
        LimitSettings? set = null;
        _frontEnd.Grains.SetLimits = settings =>
        {
            set = settings;
            return new LimitsAnswer.Done(new(settings, new() { MessagesPerDay = 500, Weight = 9 }));
        };

        var reply = await Put("acme", """{"tier":"gold","messages_per_second":0.5,"queue_depth":null,"devices":2,"weight":3}""");

        Assert.Equal(new("gold", new() { MessagesPerSecond = 0.5m, Devices = 2, Weight = 3 }), set);
        var limits = reply.Is(HttpStatusCode.OK)["limits"];
        Assert.Equal(
            ["tenant_id", "tier", "messages_per_second", "burst", "messages_per_day", "queue_depth", "devices", "new_recipients_per_day", "weight"],
            limits.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("acme", "gold"), (reply.Text("limits.tenant_id"), reply.Text("limits.tier")));
        Assert.Equal("""{"value":0.5,"source":"tenant"}""", reply["limits.messages_per_second"].GetRawText());
        Assert.Equal("""{"value":1,"source":"default"}""", reply["limits.burst"].GetRawText());
        Assert.Equal("""{"value":500,"source":"tier"}""", reply["limits.messages_per_day"].GetRawText());
        Assert.Equal("""{"value":null,"source":"none"}""", reply["limits.queue_depth"].GetRawText());
        Assert.Equal("""{"value":3,"source":"tenant"}""", reply["limits.weight"].GetRawText());
    }

    [Fact]
    public async Task Every_device_of_the_tenant_is_told_before_the_answer_also_if_one_is_away()
    {
        await _frontEnd.AddDevice("user", "one");
        await _frontEnd.AddDevice("admin", "two");
        await _frontEnd.AddDevice("stranger", "three", tenant: "other");
        _frontEnd.Grains.BeforeRefresh = () => throw new TimeoutException();

        (await Put("acme", "{}")).Is(HttpStatusCode.OK);

        Assert.Equal(["one", "two"], _frontEnd.Grains.Refreshed.Order());
    }

    [Fact]
    public async Task What_cannot_be_kept_is_refused_and_no_device_is_told()
    {
        await _frontEnd.AddDevice("user", "one");
        _frontEnd.Grains.SetLimits = _ => new LimitsAnswer.NoSuchTier(["gold", "silver"]);
        Assert.Equal("is unknown: it must be one of gold, silver", (await Put("acme", """{"tier":"bronze"}""")).IsInvalid("tier"));
        _frontEnd.Grains.SetLimits = _ => new LimitsAnswer.NoSuchTier([]);
        Assert.Equal("is unknown: no tiers are configured under Wuts:Tiers", (await Put("acme", """{"tier":"bronze"}""")).IsInvalid("tier"));
        _frontEnd.Grains.SetLimits = settings => new LimitsAnswer.Invalid(LimitRules.Check(settings.Overrides));
        Assert.Contains("10 (in 1 s) or 20 (in 2 s)", (await Put("acme", """{"messages_per_second":10,"burst":15}""")).IsInvalid("burst"), StringComparison.Ordinal);

        Assert.Empty(_frontEnd.Grains.Refreshed);
    }

    [Fact]
    public async Task A_tenant_that_does_not_exist_is_404()
    {
        (await Put("nobody", "{}")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
        (await Master.Get("/tenants/nobody/limits")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Theory]
    [InlineData(FrontEnd.Admin)]
    [InlineData(FrontEnd.User)]
    public async Task Every_user_sees_the_limits_of_its_own_tenant(string token)
    {
        _frontEnd.Grains.Limits = new(new(null, new() { MessagesPerSecond = 10 }), TenantLimits.None);

        var own = await _frontEnd.As(token).Get("/limits");

        Assert.Equal("acme", own.Is(HttpStatusCode.OK).Text("limits.tenant_id"));
        Assert.Equal("""{"value":10,"source":"tenant"}""", own["limits.messages_per_second"].GetRawText());
        Assert.Equal(own["limits"].GetRawText(), (await Master.Get("/tenants/acme/limits")).Is(HttpStatusCode.OK)["limits"].GetRawText());
    }

    [Fact]
    public async Task Usage_tells_the_counts_and_how_each_policy_stands()
    {
        _frontEnd.Grains.Usage = new(Samples.T0, 7, 5, 2, 3,
        [
            new(QuotaPolicies.Rate, 10, TimeSpan.FromSeconds(1), 8, Samples.T0.AddMilliseconds(250)), new(QuotaPolicies.Devices, 4, null, 2, null),
        ]);

        var usage = await _frontEnd.As(FrontEnd.User).Get("/usage");

        Assert.Equal(
            ["success", "timestamp", "messages_today", "queue_depth", "devices", "new_recipients_today", "policies"], usage.Is(HttpStatusCode.OK).Names());
        Assert.Equal(
            [
                """{"name":"rate","quota":10,"window_seconds":1,"used":2,"remaining":8,"resets_at":"2030-01-01T12:00:00.250Z"}""",
                """{"name":"devices","quota":4,"window_seconds":null,"used":2,"remaining":2,"resets_at":null}""",
            ],
            usage["policies"].EnumerateArray().Select(policy => policy.GetRawText()));
    }

    [Fact]
    public async Task Of_many_devices_created_at_once_no_more_are_than_allowed_and_the_others_are_409()
    {
        _frontEnd.Grains.Limits = new(new(null, new() { Devices = 3 }), TenantLimits.None);

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => _frontEnd.As(FrontEnd.User).Post("/devices", new { name = $"device {n}" })));

        Assert.Equal(3, replies.Count(reply => reply.Status == HttpStatusCode.Created));
        Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.Created), reply =>
        {
            Assert.Equal("devices", Assert.Single(reply.IsError(HttpStatusCode.Conflict, "DEVICE_LIMIT")["violated_policies"].EnumerateArray()).GetString());
            Assert.Contains("3 devices", reply.Text("error"), StringComparison.Ordinal);
        });
    }

    private Task<Reply> Put(string tenant, string body) => Master.Send(HttpMethod.Put, $"/tenants/{tenant}/limits", ApiClient.Json(body));
}

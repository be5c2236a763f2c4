using System.Net;
using System.Text;

namespace Wuts.Transports.Tests.Simulator;

public sealed class WebhookSinkTests : IAsyncLifetime
{
    private ControlApi _api = null!;

    public async Task InitializeAsync() => _api = await ControlApi.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task A_webhook_is_kept_exactly_as_it_came()
    {
        const string body = "{ \"b\" : 1,\n\t\"a\":\"ol\u00e1 \\u00e9\" }  ";
        Assert.Equal(HttpStatusCode.OK, await PostAsync("demo", body));
        await PostAsync("demo", "not json");

        var (_, answer) = await _api.CallAsync("GET", "webhooks/demo");
        var events = answer.GetProperty("events");
        Assert.Equal(body, events[0].GetProperty("body").GetString());
        Assert.Equal(1, events[0].GetProperty("json").GetProperty("b").GetInt32());
        Assert.Equal("v1,abc", events[0].GetProperty("headers").GetProperty("webhook-signature").GetString());
        Assert.False(events[1].TryGetProperty("json", out _));
        Assert.Equal(2, answer.GetProperty("next").GetInt32());
        Assert.Empty((await _api.CallAsync("GET", "webhooks/demo?after=2")).Body.GetProperty("events").EnumerateArray());
    }

    [Fact]
    public async Task A_name_can_be_made_to_fail_and_still_keeps_what_comes()
    {
        Assert.Equal(200, (await _api.CallAsync("PUT", "webhooks/demo", """{"status":503}""")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync("demo", "{}"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("other", "{}"));
        await _api.CallAsync("PUT", "webhooks/demo", "{}");
        Assert.Equal(HttpStatusCode.OK, await PostAsync("demo", "{}"));

        Assert.Equal(2, (await _api.CallAsync("GET", "webhooks/demo")).Body.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task Too_large_a_body_and_too_many_names_are_refused()
    {
        Assert.Equal(HttpStatusCode.OK, await PostAsync("demo", new string('x', 1024 * 1024)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync("demo", new string('x', 1024 * 1024 + 1)));
        for (var i = 1; i < 100; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await PostAsync($"n{i}", "{}"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("n100", "{}"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("n99", "{}"));
    }

    [Fact]
    public async Task Large_bodies_push_out_the_oldest()
    {
        for (var i = 0; i < 20; i++)
        {
            await PostAsync("demo", new string('x', 1024 * 1024));
        }

        var events = (await _api.CallAsync("GET", "webhooks/demo?limit=100")).Body.GetProperty("events");
        Assert.Equal(16, events.GetArrayLength());
        Assert.Equal(5, events[0].GetProperty("seq").GetInt32());
    }

    private async Task<HttpStatusCode> PostAsync(string name, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/simulator/webhooks/{name}");
        request.Headers.Add("webhook-signature", "v1,abc");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _api.Http.SendAsync(request);
        return response.StatusCode;
    }
}

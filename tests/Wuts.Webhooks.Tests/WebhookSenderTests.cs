using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Wuts.Domain.Webhooks;
using static Wuts.Webhooks.Tests.Samples;

namespace Wuts.Webhooks.Tests;

public sealed class WebhookSenderTests : ReceiverTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(204)]
    public async Task Any_2xx_is_a_delivery(int status)
    {
        Answer = Status(status);

        Assert.Equal(new WebhookAttempt(WebhookVerdict.Delivered, status, Error: null, TimeSpan.Zero), await SendAsync());
    }

    [Fact]
    public async Task The_body_arrives_byte_for_byte_as_json()
    {
        await SendAsync(secret: Secret());

        var delivery = Assert.Single(Receiver.Received);
        Assert.Equal(Envelope(Secret()).Body.ToArray(), delivery.Body);
        Assert.Equal("application/json", delivery.Headers["Content-Type"]);
        Assert.Equal("Wuts-Webhooks/1.0", delivery.Headers["User-Agent"]);
        Assert.Equal("/hook", delivery.Path);
    }

    [Fact]
    public async Task A_retry_carries_the_same_id_with_the_time_and_signature_of_its_own_attempt()
    {
        Answer = Status(500);
        await SendAsync(secret: Secret());
        Fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        await SendAsync(secret: Secret());

        Assert.Equal([Envelope().Id, Envelope().Id], Receiver.Received.Select(d => d.Headers["webhook-id"]));
        Assert.Equal(["1893499200", "1893499500"], Receiver.Received.Select(d => d.Headers["webhook-timestamp"]));
        Assert.All(Receiver.Received, d => Assert.Equal(
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(
                "s3cret"u8, [.. Encoding.ASCII.GetBytes($"{d.Headers["webhook-id"]}.{d.Headers["webhook-timestamp"]}."), .. d.Body])),
            d.Headers["webhook-signature"]));
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_signed()
    {
        await SendAsync();

        Assert.DoesNotContain("webhook-signature", Assert.Single(Receiver.Received).Headers.Keys);
    }

    [Fact]
    public async Task Gone_is_told_apart_from_other_failures()
    {
        Answer = Status(410);

        var attempt = await SendAsync();

        Assert.Equal((WebhookVerdict.Gone, 410, "410 Gone"), (attempt.Verdict, attempt.StatusCode, attempt.Error));
    }

    [Theory]
    [InlineData(400, "400 Bad Request")]
    [InlineData(404, "404 Not Found")]
    [InlineData(500, "500 Internal Server Error")]
    [InlineData(502, "502 Bad Gateway")]
    public async Task Any_other_status_is_a_failure_with_its_name(int status, string error)
    {
        Answer = Status(status);

        var attempt = await SendAsync();

        Assert.Equal((WebhookVerdict.Failed, status, error), (attempt.Verdict, attempt.StatusCode, attempt.Error));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/other";
            return Task.CompletedTask;
        };

        var attempt = await SendAsync();

        Assert.Equal((WebhookVerdict.Failed, status), (attempt.Verdict, attempt.StatusCode));
        Assert.Single(Receiver.Received);
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "3600", 3600)]
    [InlineData(503, "Tue, 01 Jan 2030 12:01:30 GMT", 90)]
    [InlineData(503, "Tue, 01 Jan 2030 11:00:00 GMT", null)]
    [InlineData(429, "0", null)]
    [InlineData(429, "soon", null)]
    [InlineData(429, null, null)]
    [InlineData(500, "120", null)]
    [InlineData(200, "120", null)]
    public async Task Retry_after_is_read_from_429_and_503(int status, string? retryAfter, int? seconds)
    {
        Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        };

        Assert.Equal(seconds, (await SendAsync()).RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task NoAnswer_within_the_endpoints_timeout_is_a_failure_that_took_that_long()
    {
        Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);

        var sending = SendAsync(Endpoint(Receiver.Url) with { Timeout = TimeSpan.FromSeconds(12) });
        await Fixture.Clock.TimerArmed(TimeSpan.FromSeconds(12));
        Fixture.Clock.Advance(TimeSpan.FromSeconds(12));

        Assert.Equal(
            new WebhookAttempt(WebhookVerdict.Failed, StatusCode: null, "No answer within 12 seconds.", TimeSpan.FromSeconds(12)), await sending);
    }

    [Fact]
    public async Task A_cancelled_attempt_is_no_attempt()
    {
        using var cancellation = new CancellationTokenSource();
        Answer = context =>
        {
            cancellation.Cancel();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Fixture.SendAsync(Endpoint(Receiver.Url), cancellationToken: cancellation.Token));
    }

    [Fact]
    public async Task The_endpoints_headers_are_sent_and_those_it_must_not_set_are_not()
    {
        var headers = ImmutableDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
        {
            ["Authorization"] = "Bearer abc",
            ["Content-Type"] = "application/vnd.acme+json",
            ["User-Agent"] = "acme",
            ["Host"] = "internal.example.com",
            ["Transfer-Encoding"] = "chunked",
            ["webhook-id"] = "forged",
            ["X-Split"] = "a\r\nX-Injected: 1",
        });

        await SendAsync(Endpoint(Receiver.Url) with { Headers = headers });

        var received = Assert.Single(Receiver.Received).Headers;
        Assert.Equal("Bearer abc", received["Authorization"]);
        Assert.Equal("application/vnd.acme+json", received["Content-Type"]);
        Assert.Equal("acme", received["User-Agent"]);
        Assert.Equal(Receiver.Url.Authority, received["Host"]);
        Assert.Equal(Envelope().Id, received["webhook-id"]);
        Assert.DoesNotContain(received.Keys, name => name is "Transfer-Encoding" or "X-Split" or "X-Injected");
    }

    [Fact]
    public async Task Nothing_of_ours_travels_along()
    {
        Answer = context =>
        {
            context.Response.Headers.SetCookie = "a=b";
            return Task.CompletedTask;
        };
        using var activity = new Activity("test").AddBaggage("tenant", "acme").Start();

        await SendAsync();
        await SendAsync();

        Assert.All(Receiver.Received, delivery => Assert.Equal(
            ["Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id", "webhook-timestamp"],
            delivery.Headers.Keys.Order(StringComparer.Ordinal)));
    }

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}

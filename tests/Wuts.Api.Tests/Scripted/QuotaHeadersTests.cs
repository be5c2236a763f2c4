using System.Net;
using Wuts.Api.Quotas;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Quotas;
using Wuts.Grains.Devices;

namespace Wuts.Api.Tests.Scripted;

public sealed class QuotaHeadersTests : IAsyncLifetime
{
    private static readonly object Hello = new { number = Samples.Number, text = "hello" };

    private static readonly QuotaSnapshot Every = new(Samples.T0,
    [
        new(QuotaPolicies.Rate, 10, TimeSpan.FromSeconds(1), 3, Samples.T0.AddMilliseconds(1)),
        new(QuotaPolicies.Daily, 1_000_000_000, TimeSpan.FromDays(1), 999_999_999, Samples.T0.AddHours(12)),
        new(QuotaPolicies.NewRecipients, 50, TimeSpan.FromDays(1), 0, Samples.T0.AddSeconds(1.5)),
        new(QuotaPolicies.QueueDepth, 100, null, 42, null),
    ]);

    private FrontEnd _frontEnd = null!;

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync();
        await _frontEnd.AddDevice("user", "device-1");
        _frontEnd.Grains.Send = (device, command) => Answer(Samples.Accepted(Samples.Sent(device, command)));
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Fact]
    public void They_are_lists_of_structured_fields_with_whole_numbers_and_seconds_rounded_up()
    {
        Assert.Equal(
            "\"rate\";q=10;w=1, \"daily\";q=1000000000;w=86400, \"new-recipients\";q=50;w=86400, \"queue-depth\";q=100;qu=\"concurrent-requests\"",
            QuotaHeaders.PolicyOf(Every));
        Assert.Equal("\"rate\";r=3;t=1, \"daily\";r=999999999;t=43200, \"new-recipients\";r=0;t=2, \"queue-depth\";r=42", QuotaHeaders.StateOf(Every));
    }

    [Fact]
    public async Task A_message_that_left_has_them() => Limited((await Send()).Is(HttpStatusCode.OK));

    [Fact]
    public async Task A_message_that_waits_has_them()
    {
        _frontEnd.Grains.Send = (device, command) => Answer(Samples.Accepted(Samples.Queued(device, command)));

        var reply = await Send();

        Limited(reply.Is(HttpStatusCode.Accepted));
        Assert.NotNull(reply.Header("Location"));
    }

    [Fact]
    public async Task A_refusal_names_the_quotas_and_says_when_to_come_back()
    {
        _frontEnd.Grains.Send = (_, _) => Answer(new SendAnswer.QuotaExceeded(["new-recipients", "rate"], TimeSpan.FromSeconds(1.5)));

        var reply = (await Send()).IsError(HttpStatusCode.TooManyRequests, "QUOTA_EXCEEDED");

        Limited(reply);
        Assert.Equal("2", reply.Header("Retry-After"));
        Assert.True(reply["retryable"].GetBoolean());
        Assert.Equal(["new-recipients", "rate"], reply["violated_policies"].EnumerateArray().Select(policy => policy.GetString()));
    }

    [Fact]
    public async Task A_device_that_is_not_ready_a_full_queue_and_a_reused_key_have_them()
    {
        foreach (var (answer, status) in new (SendAnswer, HttpStatusCode)[]
        {
            (new SendAnswer.NotReady(Domain.Devices.DeviceState.Disconnected, null, TimeSpan.FromSeconds(5)), HttpStatusCode.ServiceUnavailable),
            (new SendAnswer.QueueFull(100), HttpStatusCode.ServiceUnavailable),
            (new SendAnswer.KeyReused(), HttpStatusCode.UnprocessableEntity),
            (new SendAnswer.NoSuchDevice(), HttpStatusCode.NotFound),
        })
        {
            _frontEnd.Grains.Send = (_, _) => Answer(answer);
            Limited((await Send()).Is(status));
        }
    }

    [Fact]
    public async Task A_request_that_reaches_no_device_has_them_too()
    {
        _frontEnd.Grains.Quota = () => Every;
        var user = _frontEnd.As(FrontEnd.User);

        Limited((await user.Post("/send/text", new { number = "nobody", text = "hello" })).Is(HttpStatusCode.BadRequest));
        Limited((await user.Post("/send/text", Hello, ("Idempotency-Key", ""))).Is(HttpStatusCode.BadRequest));
        Limited((await _frontEnd.As(FrontEnd.Stranger).Post("/send/text", Hello)).Is(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task A_bad_request_is_answered_also_when_nobody_can_say_how_the_quotas_stand()
    {
        _frontEnd.Grains.Quota = () => throw new TimeoutException();

        Unlimited((await _frontEnd.As(FrontEnd.User).Post("/send/text", new { number = "nobody", text = "hello" })).Is(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_tenant_without_limits_sees_none()
    {
        _frontEnd.Grains.Send = (device, command) => Samples.Answer(Samples.Sent(device, command));

        Unlimited((await Send()).Is(HttpStatusCode.OK));
        Unlimited((await _frontEnd.As(FrontEnd.User).Post("/send/text", new { number = "nobody", text = "hello" })).Is(HttpStatusCode.BadRequest));
    }

    private static Task<SendAnswer> Answer(SendAnswer answer) => Task.FromResult(answer with { Quota = Every });

    private static void Limited(Reply reply)
    {
        Assert.Equal(QuotaHeaders.PolicyOf(Every), reply.Header("RateLimit-Policy"));
        Assert.Equal(QuotaHeaders.StateOf(Every), reply.Header("RateLimit"));
    }

    private static void Unlimited(Reply reply)
    {
        Assert.Null(reply.Header("RateLimit-Policy"));
        Assert.Null(reply.Header("RateLimit"));
    }

    private Task<Reply> Send() => _frontEnd.As(FrontEnd.User).Post("/send/text", Hello);
}

using System.Net;
using Wuts.Api.Tests.Support;

namespace Wuts.Api.Tests.Scripted;

public sealed class AdmissionTests
{
    private const int Allowed = 3;
    private static readonly object Hello = new { number = Samples.Number, text = "hello" };

    [Fact]
    public async Task One_request_more_than_allowed_is_503_until_one_of_them_has_ended()
    {
        await using var frontEnd = await FrontEnd.StartAsync(settings: $"--Wuts:Limits:ConcurrentRequests={Allowed}");
        await frontEnd.AddDevice("user", "device-1");
        using var arrived = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        frontEnd.Grains.Send = async (device, command) =>
        {
            arrived.Release();
            await release.WaitAsync();
            return Samples.Accepted(Samples.Sent(device, command));
        };
        var held = Enumerable.Range(0, Allowed).Select(_ => frontEnd.As(FrontEnd.User).Post("/send/text", Hello)).ToList();
        for (var i = 0; i < Allowed; i++)
        {
            Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(20)), "A send did not arrive.");
        }

        for (var i = 0; i < 2 * Allowed; i++)
        {
            Assert.True((await frontEnd.As(FrontEnd.User).Get("/devices")).IsError(HttpStatusCode.ServiceUnavailable, "SERVICE_UNAVAILABLE")["retryable"].GetBoolean());
        }

        (await frontEnd.As(FrontEnd.Admin).Get("/users")).IsError(HttpStatusCode.ServiceUnavailable, "SERVICE_UNAVAILABLE");
        (await frontEnd.As("nobody").Get("/devices")).IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        (await frontEnd.As(FrontEnd.MasterToken).Get("/tenants")).Is(HttpStatusCode.OK);
        (await frontEnd.Client.Get("/health/ready")).Is(HttpStatusCode.OK);
        (await frontEnd.Client.Get("/openapi.json")).Is(HttpStatusCode.OK);

        release.Release();
        (await await Task.WhenAny(held)).Is(HttpStatusCode.OK);
        await Passes(frontEnd);
        release.Release(Allowed - 1);
        Assert.All(await Task.WhenAll(held), reply => reply.Is(HttpStatusCode.OK));
    }

    [Fact]
    public async Task A_request_that_fails_no_longer_counts()
    {
        await using var frontEnd = await FrontEnd.StartAsync(settings: $"--Wuts:Limits:ConcurrentRequests={Allowed}");
        await frontEnd.AddDevice("user", "device-1");
        frontEnd.Grains.Send = (_, _) => throw new InvalidOperationException("a fault");

        for (var i = 0; i < 3 * Allowed; i++)
        {
            (await frontEnd.As(FrontEnd.User).Post("/send/text", new { number = "none", text = "hello" })).IsInvalid("number");
            (await frontEnd.As(FrontEnd.User).Post("/send/text", Hello)).IsError(HttpStatusCode.InternalServerError, "INTERNAL_ERROR");
        }
    }

    // A client may have its answer a moment before the request has ended here.
    private static async Task Passes(FrontEnd frontEnd)
    {
        Reply reply;
        var patience = 1000;
        do
        {
            reply = await frontEnd.As(FrontEnd.User).Get("/devices");
        }
        while (reply.Status == HttpStatusCode.ServiceUnavailable && --patience > 0);
        reply.Is(HttpStatusCode.OK);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using Orleans.Runtime;
using Wuts.Api.Tests.Support;
using Wuts.Storage;

namespace Wuts.Api.Tests.Scripted;

public sealed class OutageTests
{
    private static readonly object Hello = new { number = Samples.Number, text = "hello" };

    [Theory]
    [InlineData("the database")]
    [InlineData("the grain")]
    [InlineData("the silo")]
    public async Task What_is_away_is_503_and_not_500(string what)
    {
        Exception outage = what switch
        {
            "the database" => new StorageUnavailableException("internals"),
            "the grain" => new TimeoutException("internals"),
            _ => new SiloUnavailableException("internals"),
        };
        await using var frontEnd = await FrontEnd.StartAsync();
        frontEnd.Grains.BeforeResolve = () => throw outage;

        var reply = await frontEnd.As(FrontEnd.User).Get("/devices");

        Assert.True(reply.IsError(HttpStatusCode.ServiceUnavailable, "SERVICE_UNAVAILABLE")["retryable"].GetBoolean());
        Assert.DoesNotContain("internals", reply.Body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_send_rides_over_an_outage_under_the_same_message_id()
    {
        await using var frontEnd = await FrontEnd.StartAsync(settings: "--Wuts:Repeats:Budget=00:00:20");
        await frontEnd.AddDevice("user", "device-1");
        var ids = new List<string>();
        frontEnd.Grains.Send = (device, command) =>
        {
            ids.Add(command.MessageId);
            return ids.Count switch
            {
                1 => throw new TimeoutException(),
                2 => throw new StorageUnavailableException("away"),
                _ => Samples.Answer(Samples.Sent(device, command)),
            };
        };

        var reply = await frontEnd.As(FrontEnd.User).Post("/send/text", Hello);

        Assert.Equal(Enumerable.Repeat(reply.Is(HttpStatusCode.OK).Text("message_id"), 3), ids);
    }

    [Fact]
    public async Task A_send_whose_acceptance_is_unknown_names_its_message()
    {
        await using var frontEnd = await FrontEnd.StartAsync();
        await frontEnd.AddDevice("user", "device-1");
        string? id = null;
        frontEnd.Grains.Send = (_, command) =>
        {
            id = command.MessageId;
            throw new StorageUnavailableException("away");
        };

        var reply = await frontEnd.As(FrontEnd.User).Post("/send/text", Hello);

        Assert.Equal(id, reply.IsError(HttpStatusCode.ServiceUnavailable, "SERVICE_UNAVAILABLE").Text("message_id"));
    }

    [Fact]
    public async Task A_fault_of_ours_is_500_with_a_trace_id_that_the_log_knows_and_nothing_else()
    {
        await using var frontEnd = await FrontEnd.StartAsync();
        await frontEnd.AddDevice("user", "device-1");
        frontEnd.Grains.Send = (_, _) => throw new InvalidOperationException("the secret inside");

        var reply = await frontEnd.As(FrontEnd.User).Post("/send/text", Hello);

        var traceId = reply.IsError(HttpStatusCode.InternalServerError, "INTERNAL_ERROR").Text("trace_id");
        Assert.DoesNotContain("secret", reply.Body.ToString(), StringComparison.Ordinal);
        Assert.Contains(frontEnd.Logs.All, entry => entry.Id.Id == 8001 && entry.Text.Contains(traceId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ready_is_503_while_the_database_does_not_answer_and_live_is_not()
    {
        await using var frontEnd = await FrontEnd.StartAsync();
        ((FrontEnd.Health)frontEnd.Service<IStorageInitializer>()).Healthy = false;

        Assert.Contains("storage", (await frontEnd.Client.Get("/health/ready")).IsError(HttpStatusCode.ServiceUnavailable, "SERVICE_UNAVAILABLE").Text("error"), StringComparison.Ordinal);
        Assert.Equal("live", (await frontEnd.Client.Get("/health/live")).Is(HttpStatusCode.OK).Text("status"));
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_is_408()
    {
        await using var frontEnd = await FrontEnd.StartAsync(settings: "--Wuts:Limits:BodyTimeout=00:00:01");

        using var socket = new TcpClient();
        await socket.ConnectAsync(frontEnd.Client.Address.Host, frontEnd.Client.Address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /send/text HTTP/1.1\r\nHost: x\r\nAuthorization: {FrontEnd.User}\r\nContent-Length: 100\r\n\r\n{{"));
        using var reader = new StreamReader(socket.GetStream());

        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync());
        Assert.Contains("REQUEST_TIMEOUT", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_out_of_range_are_refused_at_start_by_name()
    {
        var e = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => FrontEnd.StartAsync(settings: "--Wuts:HeldSends:Slice=00:01:00"));

        Assert.Contains("Wuts:HeldSends:Slice", e.Message, StringComparison.Ordinal);
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Wuts.Testing.Checking;

namespace Wuts.EndToEnd.Tests.Load;

/// <summary>The tenant's own server. It outlives the process under test, so that what it was sent is not lost with it.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Device, WebhookTry Try)> _tries = [];
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>
    /// While it is dead it answers 500 for some devices, and keeps nothing; for the others it keeps what comes and does not answer.
    /// </summary>
    public bool IsDead { get; set; }

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.MapPost("/{device}", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public string UrlOf(string device) => $"{_app.Urls.Single()}/{device}";

    public ImmutableArray<WebhookTry> Tries(Tenant tenant)
    {
        var endpoints = tenant.Devices.ToDictionary(d => d.Id, d => d.EndpointId);
        return [.. _tries.Select(t => t.Try with { EndpointId = endpoints[t.Device] })];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(string device, HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        var how = !IsDead ? Answers.Yes : device[0] % 2 == 0 ? Answers.No : Answers.Nothing;
        var json = JsonNode.Parse(body)!;
        _tries.Enqueue((device, new WebhookTry(
            DateTimeOffset.UtcNow,
            string.Empty,
            request.Headers["webhook-id"].ToString(),
            (string)json["event"]!,
            (string?)json["data"]?["message_id"],
            body,
            Took: how != Answers.No)));
        if (how == Answers.Nothing)
        {
            await Task.Delay(Timeout.Infinite, request.HttpContext.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return TypedResults.StatusCode(how == Answers.Yes ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError);
    }

    private enum Answers
    {
        Yes,
        No,
        Nothing,
    }
}

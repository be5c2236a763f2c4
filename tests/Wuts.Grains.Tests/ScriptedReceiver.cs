using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Wuts.Grains.Tests;

/// <summary>A tenant's server on loopback that answers as the test says and shows what it got.</summary>
public sealed class ScriptedReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    private ScriptedReceiver(WebApplication app) => _app = app;

    public sealed record Received(string WebhookId, string Body);

    /// <summary>The status for each request; without it 200.</summary>
    public Func<Received, int> Answer { get; set; } = _ => 200;

    public Uri Url => new(_app.Urls.First() + "/hook");

    public static async Task<ScriptedReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new ScriptedReceiver(builder.Build());
        receiver._app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var got = new Received(request.Headers["webhook-id"].ToString(), await reader.ReadToEndAsync());
            var status = receiver.Answer(got);
            receiver._received.Writer.TryWrite(got);
            return Results.StatusCode(status);
        });
        await receiver._app.StartAsync();
        return receiver;
    }

    public async Task<Received> Next()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            return await _received.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("No webhook came.");
        }
    }

    public bool NothingCame => _received.Reader.Count == 0;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

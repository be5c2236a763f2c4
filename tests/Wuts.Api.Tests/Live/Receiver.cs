using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Wuts.Api.Tests.Live;

/// <summary>A tenant's own server: takes webhooks, one path a device, and lets a test await them.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Channel<JsonElement>> _inboxes = [];

    private Receiver(WebApplication app) => _app = app;

    private string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(async http =>
        {
            var @event = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
            await receiver.Inbox(http.Request.Path.Value!.TrimStart('/')).Writer.WriteAsync(@event);
        });
        await receiver._app.StartAsync();
        return receiver;
    }

    public string UrlOf(string name) => $"{Address}/{name}";

    /// <summary>Waits for the next event of these types; others that come before are let go.</summary>
    public async Task<JsonElement> Next(string name, params string[] types)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            while (true)
            {
                var @event = await Inbox(name).Reader.ReadAsync(patience.Token);
                if (types.Contains(@event.GetProperty("event").GetString()))
                {
                    return @event;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No webhook {string.Join(" or ", types)} came to {name}.");
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Channel<JsonElement> Inbox(string name) => _inboxes.GetOrAdd(name, _ => Channel.CreateUnbounded<JsonElement>());
}

using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Wuts.Webhooks.Tests;

/// <summary>A tenant's server on loopback that answers as the test says, and keeps what it was sent.</summary>
internal sealed class ScriptedReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;

    private ScriptedReceiver(WebApplication server) => _server = server;

    public ConcurrentQueue<Delivery> Received { get; } = [];

    public Uri Url { get; private set; } = null!;

    public static async Task<ScriptedReceiver> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var receiver = new ScriptedReceiver(builder.Build());
        receiver._server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            receiver.Received.Enqueue(new(context.Request.Path, headers, body.ToArray()));
            await answer(context);
        });
        await receiver._server.StartAsync();
        var address = receiver._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        receiver.Url = new Uri(address + "/hook");
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    internal sealed record Delivery(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);
}

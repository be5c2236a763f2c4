using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Wuts.Benchmarks.Load;

/// <summary>The tenants' own server: takes every webhook with 200 and notes what it was about. It verifies nothing.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication _server;

    private WebhookSink(WebApplication server) => _server = server;

    /// <summary>What came; replaced by each part of a run.</summary>
    public Deliveries Deliveries { get; set; } = new();

    public string Url => $"{_server.Urls.First()}/events";

    public static async Task<WebhookSink> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var sink = new WebhookSink(server);
        server.Run(sink.TakeAsync);
        await server.StartAsync();
        return sink;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.IsCompleted)
            {
                Take(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
                reader.AdvanceTo(read.Buffer.End);
                break;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        http.Response.ContentLength = 0;
    }

    private void Take(ReadOnlySpan<byte> body)
    {
        if (KindOf(body) is { } kind && MessageNumber.Find(body) is { } message)
        {
            Deliveries.Note(message, kind);
        }
    }

    private static int? KindOf(ReadOnlySpan<byte> body)
    {
        var at = body.IndexOf("\"event\":\"message."u8);
        var name = at < 0 ? default : body[(at + "\"event\":\"message."u8.Length)..];
        return name.StartsWith("sent\""u8) ? 0
            : name.StartsWith("delivered\""u8) ? 1
            : name.StartsWith("read\""u8) ? 2
            : name.StartsWith("played\""u8) ? 3
            : null;
    }
}

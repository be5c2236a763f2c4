using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Wuts.Transports.Tests.Simulator;

/// <summary>A host on loopback that stands for a process of a cluster.</summary>
internal sealed class ProcessHost : IAsyncDisposable
{
    public const string Token = "a shared secret for tests";

    private readonly WebApplication _app;

    private ProcessHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    /// <param name="settings">Keys below <c>Wuts:Simulator</c>. The token is <see cref="Token"/> unless they say otherwise.</param>
    /// <param name="port">0 for a free one.</param>
    public static async Task<ProcessHost> StartAsync(
        Action<IServiceCollection, IConfiguration> add, Action<WebApplication> map, int port = 0, params (string Key, string? Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Configuration["Wuts:Simulator:Token"] = Token;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[$"Wuts:Simulator:{key}"] = value;
        }

        add(builder.Services, builder.Configuration);
        var app = builder.Build();
        try
        {
            map(app);
            await app.StartAsync();
            return new ProcessHost(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

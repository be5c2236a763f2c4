using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wuts.Transports.Simulator;
using Wuts.Transports.Simulator.Control;

namespace Wuts.Transports.Tests.Simulator;

/// <summary>A host with the simulator in it, on loopback, as the product wires it.</summary>
internal sealed class ControlApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"wuts-control-{Guid.NewGuid():N}");

    private ControlApi(string environment, Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        settings["Wuts:Simulator:Folder"] = _folder;
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSimulator(builder.Configuration);
        builder.Services.AddSingleton<IDeviceEventSink>(Sink);
        _app = builder.Build();
        _app.MapSimulator();
    }

    public RecordingSink Sink { get; } = new();

    public IServiceProvider Services => _app.Services;

    public HttpClient Http { get; private set; } = null!;

    public static async Task<ControlApi> StartAsync(string environment = "Production", params (string Key, string Value)[] settings)
    {
        var api = new ControlApi(environment, settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        try
        {
            await api._app.StartAsync();
        }
        catch
        {
            await api._app.DisposeAsync();
            throw;
        }

        api.Http = new HttpClient { BaseAddress = new Uri(api._app.Urls.First()) };
        return api;
    }

    public async Task<(int Status, JsonElement Body)> CallAsync(string method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/simulator/{path}");
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}

using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Wuts.Api;
using Wuts.Api.Authentication;
using Wuts.Grains;
using Wuts.Server.Demo;
using Wuts.Server.Security;
using Wuts.Storage;
using Wuts.Storage.PostgreSql;
using Wuts.Storage.Sqlite;
using Wuts.Transports.Simulator;
using Wuts.Transports.Simulator.Control;
using Wuts.Webhooks;

namespace Wuts.Server;

/// <summary>Puts the process together: the only place that knows every project.</summary>
public static class WutsServer
{
    /// <summary>The process as its arguments, environment and settings describe it, ready to start.</summary>
    /// <param name="args">As on the command line, in the long form: <c>--Wuts:DataPath=…</c>.</param>
    public static WebApplication Build(string[] args)
    {
        // Settings are read once: watching their files costs, and half a change would be worse than none.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddOptions(builder);

        // Hosted services start in this order: storage before grains before transports, the HTTP server last.
        AddStorage(builder);
        builder.UseOrleans(silo => UseSingleSilo(silo));
        builder.Services.AddWebhooks();
        builder.Services.AddWutsGrains();
        AddSimulator(builder);
        builder.Services.AddWutsApi(builder.Configuration);
        builder.Services.AddSingleton<DemoAccess>();
        builder.Services.AddHostedService<DemoTenant>();

        var app = builder.Build();
        _ = app.Services.GetRequiredService<DataFolder>(); // before anything of ours touches the disk
        app.MapWutsApi();
        app.MapSimulator();
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ServerOptions>().BindConfiguration(ServerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsValidator>();
        builder.WebHost.UseUrls((builder.Configuration["Wuts:Urls"] ?? new ServerOptions().Urls).Split(';'));
    }

    private static void AddStorage(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DataFolder>();
        builder.Services.AddSingleton<MasterToken>();
        builder.Services.AddSingleton<IMasterToken>(services => services.GetRequiredService<MasterToken>());
        builder.Services.AddSingleton<ISecretProtector, SecretProtector>();
        builder.Services.AddDataProtection().SetApplicationName("Wuts");
        builder.Services.AddSingleton<IConfigureOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>, KeyRingInDataFolder>();
        builder.Services.AddHostedService<StorageStartup>();

        var storage = builder.Configuration.GetSection(ServerOptions.Section).Get<ServerOptions>()?.Storage ?? new();
        if (storage.Provider == StorageOptions.Postgres)
        {
            builder.Services.AddPostgreSqlStorage(storage.ConnectionString ?? string.Empty);
        }
        else
        {
            builder.Services.AddSqliteStorage(storage.ConnectionString ?? $"Data Source={Path.Combine(Path.GetFullPath(DataPath(builder)), "wuts.db")}");
        }
    }

    private static void UseSingleSilo(ISiloBuilder silo)
    {
        // One silo that nobody joins: free ports, so that several installations run beside each other on one machine.
        var (siloPort, gatewayPort) = FreePorts.Two();
        silo.UseLocalhostClustering(siloPort, gatewayPort);
        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ("wuts", "wuts-single"));
    }

    private static void AddSimulator(WebApplicationBuilder builder)
    {
        builder.Configuration["Wuts:Simulator:Enabled"] ??= "false";
        builder.Configuration["Wuts:Simulator:Folder"] ??= Path.Combine(Path.GetFullPath(DataPath(builder)), "simulator");
        builder.Services.AddSimulator(builder.Configuration);
    }

    private static string DataPath(WebApplicationBuilder builder) => builder.Configuration["Wuts:DataPath"] ?? new ServerOptions().DataPath;
}

using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Wuts.Api;
using Wuts.Api.Authentication;
using Wuts.Api.Sending;
using Wuts.Grains;
using Wuts.Server.Cluster;
using Wuts.Server.Demo;
using Wuts.Server.Roles;
using Wuts.Server.Security;
using Wuts.Server.Shutdown;
using Wuts.Server.Telemetry;
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
        var builder = NewBuilder(args);
        var options = Read(builder);
        AddProcess(builder, options);
        return options.Role switch
        {
            Role.Silo => BuildSilo(builder, options),
            Role.Gateway => BuildGateway(builder, options),
            Role.Simulator => BuildSimulator(builder, options),
            _ => BuildAll(builder, options), // also for a wrong role, which is refused when it starts
        };
    }

    /// <summary>As <see cref="Build"/>, with the storage alone.</summary>
    internal static WebApplication BuildStorage(string[] args)
    {
        var builder = NewBuilder(args);
        var options = Read(builder);
        AddProcess(builder, options);
        AddStorage(builder, options);
        return builder.Build();
    }

    // Hosted services start in the order in which they are added: storage before grains before transports, the HTTP server last.

    private static WebApplication BuildAll(WebApplicationBuilder builder, ServerOptions options)
    {
        AddStorage(builder, options);
        ClusterEngine.AddSingleSilo(builder);
        builder.Services.AddWebhooks();
        builder.Services.AddWutsGrains();
        AddSimulator(builder, options);
        builder.Services.AddWutsApi(builder.Configuration);
        AddDemo(builder, options);

        var app = builder.Build();
        _ = app.Services.GetRequiredService<DataFolder>(); // before anything of ours touches the disk
        app.MapWutsApi();
        app.MapMetrics();
        app.MapSimulator();
        ClusterEngine.MapDashboard(app);
        return app;
    }

    private static WebApplication BuildSilo(WebApplicationBuilder builder, ServerOptions options)
    {
        AddStorage(builder, options);
        ClusterEngine.AddSilo(builder, Membership(builder), options.Storage.ConnectionString ?? string.Empty);
        builder.Services.AddWebhooks();
        builder.Services.AddWutsGrains();
        builder.Services.AddRemoteSimulator(builder.Configuration);
        builder.Services.AddWutsOperations(builder.Configuration);

        var app = builder.Build();
        app.MapWutsOperations();
        app.MapMetrics();
        ClusterEngine.MapDashboard(app);
        return app;
    }

    private static WebApplication BuildGateway(WebApplicationBuilder builder, ServerOptions options)
    {
        var membership = Membership(builder);
        AddStorage(builder, options);
        ClusterEngine.AddGateway(builder, membership, options.Storage.ConnectionString ?? string.Empty);
        builder.Services.AddGrainCallers();
        builder.Services.AddWutsApi(builder.Configuration);
        builder.Services.PostConfigure<HeldSendOptions>(held => held.Slice = held.Slice < membership.LongestHold ? held.Slice : membership.LongestHold);
        builder.Services.AddRemoteSimulator(builder.Configuration);
        AddDemo(builder, options);

        // Without the database all gateways are in the same position: one that is asked says 503 with Retry-After, and rides over a short
        // outage; if all said that they are not ready, nobody would answer.
        builder.Services.Configure<HealthCheckServiceOptions>(health =>
            health.Registrations.Remove(health.Registrations.Single(check => check.Name == "storage")));

        var app = builder.Build();
        app.MapWutsApi();
        app.MapMetrics();
        app.MapSimulatorEvents();
        ClusterEngine.MapDashboard(app);
        return app;
    }

    private static WebApplication BuildSimulator(WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Configuration["Wuts:Simulator:Folder"] ??= Path.Combine(Path.GetFullPath(options.DataPath), "simulator");
        builder.Services.AddSimulatorNetwork(builder.Configuration);

        var app = builder.Build();
        _ = app.Services.GetRequiredService<DataFolder>();
        app.MapHealthChecks("/health/live");
        app.MapHealthChecks("/health/ready");
        app.MapSimulator();
        app.MapSimulatorTransport();
        app.MapMetrics();
        return app;
    }

    // Settings are read once: watching their files costs, and half a change would be worse than none.
    private static WebApplicationBuilder NewBuilder(string[] args) => WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
        ContentRootPath = AppContext.BaseDirectory,
    });

    private static ServerOptions Read(WebApplicationBuilder builder) => builder.Configuration.GetSection(ServerOptions.Section).Get<ServerOptions>() ?? new();

    private static void AddProcess(WebApplicationBuilder builder, ServerOptions options)
    {
        builder.AddWutsTelemetry();
        builder.Services.AddOptions<ServerOptions>().BindConfiguration(ServerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsValidator>();
        builder.Services.AddOptions<MembershipOptions>().BindConfiguration(MembershipOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.WebHost.UseUrls(options.Urls.Split(';'));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DataFolder>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddSingleton<IHostLifetime, DrainingLifetime>();
        builder.Services.AddSingleton<IStartupFilter, ConnectionClosing>();
        builder.Services.AddHealthChecks().AddCheck<Readiness>("shutdown");
    }

    private static void AddStorage(WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Services.AddHostedService<StorageStartup>(); // before data protection, which reads its keys at the start
        builder.Services.AddSingleton<MasterToken>();
        builder.Services.AddSingleton<IMasterToken>(services => services.GetRequiredService<MasterToken>());
        builder.Services.AddSingleton<ISecretProtector, SecretProtector>();
        builder.Services.AddDataProtection().SetApplicationName("Wuts");
        if (options.EncryptionKey is null)
        {
            builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeyRingInDataFolder>();
        }
        else
        {
            builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeyRingInDatabase>();
        }

        if (options.Storage.Provider == StorageOptions.Postgres)
        {
            builder.Services.AddPostgreSqlStorage(options.Storage.ConnectionString ?? string.Empty);
        }
        else
        {
            builder.Services.AddSqliteStorage(
                options.Storage.ConnectionString ?? $"Data Source={Path.Combine(Path.GetFullPath(options.DataPath), "wuts.db")}");
        }

        builder.Services.AddBacklogGauges();
    }

    private static void AddSimulator(WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Configuration["Wuts:Simulator:Enabled"] ??= "false";
        builder.Configuration["Wuts:Simulator:Folder"] ??= Path.Combine(Path.GetFullPath(options.DataPath), "simulator");
        builder.Services.AddSimulator(builder.Configuration);
    }

    private static void AddDemo(WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Services.AddSingleton<DemoAccess>();
        if (options.Demo)
        {
            builder.Services.AddHostedService<DemoTenant>();
        }
    }

    private static MembershipOptions Membership(WebApplicationBuilder builder) =>
        builder.Configuration.GetSection(MembershipOptions.Section).Get<MembershipOptions>() ?? new();
}

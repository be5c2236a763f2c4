using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Devices;
using Wuts.Domain.Tenants;
using Wuts.Storage;
using Wuts.Testing.Memory;

namespace Wuts.Api.Tests.Scripted;

/// <summary>The front end on a real socket, with scripted grains and a database in memory behind it.</summary>
public sealed class FrontEnd : IAsyncDisposable
{
    public const string MasterToken = "the-master-token-of-these-tests";
    public const string Admin = "token-of-the-admin";
    public const string Manager = "token-of-the-manager";
    public const string User = "token-of-the-user";
    public const string Stranger = "token-of-another-tenant";

    private readonly WebApplication _app;

    private FrontEnd(WebApplication app) => _app = app;

    public ScriptedGrains Grains { get; private init; } = null!;

    public LogEntries Logs { get; private init; } = null!;

    public ApiClient Client { get; private set; } = null!;

    public static async Task<FrontEnd> StartAsync(TimeProvider? clock = null, params string[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Configuration.AddCommandLine([$"--Wuts:MasterToken={MasterToken}", "--Wuts:Repeats:Budget=00:00:00", .. settings]);
        var logs = new LogEntries();
        builder.Logging.AddProvider(logs);
        var grains = ScriptedGrains.Create();
        builder.Services.AddSingleton(grains.Factory);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton<ISecretProtector, Reversing>();
        builder.Services.AddSingleton<IStorageInitializer, Health>();
        builder.Services.AddWutsApi(builder.Configuration);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSingleton<MemoryDatabase>();
        builder.Services.AddSingleton<ITenantStore, MemoryTenantStore>();
        builder.Services.AddSingleton<IDeviceStore, MemoryDeviceStore>();
        builder.Services.AddSingleton<IMessageStore, MemoryMessageStore>();
        builder.Services.AddSingleton<IWebhookStore, MemoryWebhookStore>();
        builder.Services.AddSingleton<IConsentStore, MemoryConsentStore>();
        var app = builder.Build();
        app.MapWutsApi();
        grains.Tenants = app.Services.GetRequiredService<ITenantStore>();
        grains.Devices = app.Services.GetRequiredService<IDeviceStore>();
        await AddPeople(app.Services.GetRequiredService<ITenantStore>());
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new(app) { Grains = grains, Logs = logs, Client = new(new Uri(address)) };
    }

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public ApiClient As(string? token) => Client.As(token);

    /// <summary>A device of one of the people, with an id that says whose it is.</summary>
    public async Task<string> AddDevice(string user, string id, string tenant = "acme", Func<DeviceSession, DeviceSession>? session = null)
    {
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await Service<IDeviceStore>().CreateAsync(new()
        {
            TenantId = tenant, Id = id, UserId = user, Name = id, Transport = "simulator", Epoch = 0,
            Session = session?.Invoke(DeviceSession.New(now)) ?? DeviceSession.New(now), CreatedAt = now, UpdatedAt = now,
        });
        return id;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task AddPeople(ITenantStore tenants)
    {
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await tenants.RegisterAsync(new("acme", "Acme", now, now), Person("acme", "admin", Role.Admin, Admin, now));
        await tenants.CreateUserAsync(Person("acme", "manager", Role.Manager, Manager, now));
        await tenants.CreateUserAsync(Person("acme", "user", Role.User, User, now));
        await tenants.RegisterAsync(new("other", "Other", now, now), Person("other", "stranger", Role.Admin, Stranger, now));
    }

    private static User Person(string tenant, string id, Role role, string token, DateTimeOffset now) => new()
    {
        TenantId = tenant, Id = id, Email = $"{id}@example.com", Role = role, Active = true, TokenHash = AccessToken.Hash(token), CreatedAt = now, UpdatedAt = now,
    };

    private sealed class Reversing : ISecretProtector
    {
        public string Protect(string secret) => new([.. secret.Reverse()]);

        public string Unprotect(string protectedSecret) => Protect(protectedSecret);
    }

    public sealed class Health : IStorageInitializer
    {
        public bool Healthy { get; set; } = true;

        public string Description => "a database in memory";

        public Task InitializeAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task VerifyAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default) => Task.FromResult(Healthy);
    }
}

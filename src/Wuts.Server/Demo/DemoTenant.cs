using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Orleans;
using Wuts.Domain.Devices;
using Wuts.Domain.Tenants;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Storage;
using Wuts.Transports.Simulator;

namespace Wuts.Server.Demo;

/// <summary>
/// Makes a tenant to try things with: a user, a device that is paired with a simulated phone, and a webhook to this process' own
/// sink. Its token is kept in <c>demo.json</c> in the data folder, so that it is the same at every start.
/// </summary>
internal sealed class DemoTenant(
    IOptions<ServerOptions> options,
    DataFolder folder,
    DemoAccess access,
    ITenantStore tenants,
    IDeviceStore devices,
    IWebhookStore webhooks,
    ISecretProtector protector,
    IGrainFactory grains,
    TimeProvider clock,
    IServiceProvider services) : IHostedLifecycleService
{
    public const string PhoneNumber = "5511999990001";
    private const string SinkName = "demo";

    private sealed record Secrets(string Token, string WebhookSecret, string TenantId, string UserId, string DeviceId);

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Demo)
        {
            return;
        }

        var secrets = await ReadSecrets(cancellationToken);
        await MakeTenant(secrets, cancellationToken);
        await MakeDevice(secrets, cancellationToken);
        await MakeWebhook(secrets, cancellationToken);
        (access.Token, access.WebhookSecret) = (secrets.Token, secrets.WebhookSecret);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<Secrets> ReadSecrets(CancellationToken cancellationToken)
    {
        var path = folder.PathOf("demo.json");
        if (File.Exists(path) && JsonSerializer.Deserialize<Secrets>(await File.ReadAllTextAsync(path, cancellationToken)) is { } known)
        {
            return known;
        }

        var secrets = new Secrets(
            Token: Guid.NewGuid().ToString(),
            WebhookSecret: "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            TenantId: Guid.NewGuid().ToString(),
            UserId: Guid.NewGuid().ToString(),
            DeviceId: Guid.NewGuid().ToString());
        var ownersOnly = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            ownersOnly.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(path, ownersOnly);
        await JsonSerializer.SerializeAsync(file, secrets, cancellationToken: cancellationToken);
        return secrets;
    }

    private async Task MakeTenant(Secrets secrets, CancellationToken cancellationToken)
    {
        if (await tenants.FindAsync(secrets.TenantId, cancellationToken) is not null)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var user = new User
        {
            TenantId = secrets.TenantId,
            Id = secrets.UserId,
            Email = "demo@example.com",
            Role = Role.Admin,
            Active = true,
            TokenHash = AccessToken.Hash(secrets.Token),
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (!await tenants.RegisterAsync(new(secrets.TenantId, "Demo", now, now), user, cancellationToken))
        {
            throw new StartupException(
                $"The database has another tenant named Demo, whose token was in {folder.PathOf("demo.json")}. Put that file back, or start without --demo.");
        }
    }

    private async Task MakeDevice(Secrets secrets, CancellationToken cancellationToken)
    {
        var key = new DeviceKey(secrets.TenantId, secrets.DeviceId);
        if (await devices.FindAsync(key, cancellationToken) is null)
        {
            var now = clock.GetUtcNow();
            await devices.CreateAsync(
                new()
                {
                    TenantId = key.TenantId,
                    Id = key.DeviceId,
                    UserId = secrets.UserId,
                    Name = "Demo phone",
                    Transport = SimulatorTransport.TransportName,
                    Epoch = 0,
                    Session = DeviceSession.New(now),
                    CreatedAt = now,
                    UpdatedAt = now,
                },
                cancellationToken);
        }

        var network = services.GetRequiredService<SimulatedNetwork>();
        var device = grains.GetGrain<IDeviceGrain>(key.ToString());
        await network.CreatePhoneAsync(PhoneNumber);
        if (await device.RequestQr(refresh: true, cancellationToken) is PairingAnswer.Code code)
        {
            await network.ScanAsync(PhoneNumber, code.Value);
        }

        await device.Connect(cancellationToken);
    }

    private async Task MakeWebhook(Secrets secrets, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var listening = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var known = await webhooks.FindByDeviceAsync(secrets.TenantId, secrets.DeviceId, cancellationToken);
        await webhooks.PutAsync(
            new()
            {
                Id = known?.Id ?? $"wh_{Guid.NewGuid():N}",
                TenantId = secrets.TenantId,
                DeviceId = secrets.DeviceId,
                UserId = secrets.UserId,
                Url = new Uri($"{Banner.Reachable(listening)}/simulator/webhooks/{SinkName}"),
                Events = WebhookEvents.All,
                Enabled = true,
                Timeout = TimeSpan.FromSeconds(WebhookEndpoint.DefaultTimeoutSeconds),
                ProtectedSecret = protector.Protect(secrets.WebhookSecret),
                Headers = ImmutableDictionary<string, string>.Empty,
                CreatedAt = now,
                UpdatedAt = now,
            },
            cancellationToken);
    }
}

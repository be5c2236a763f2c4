using System.Collections.Immutable;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orleans;
using Wuts.Domain.Devices;
using Wuts.Domain.Tenants;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Storage;
using Wuts.Transports.Simulator;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Server.Demo;

/// <summary>
/// Makes a tenant to try things with: a user, a device that is paired with a simulated phone, and a webhook to the sink beside the
/// simulated network. Its token is kept in <see cref="DemoFile"/>, so that it is the same at every start.
/// </summary>
internal sealed class DemoTenant(
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
    private const int ConnectAttempts = 50;
    private static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(100);

    private readonly DemoFile _file = new(folder.PathOf("demo.json"));

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var secrets = await _file.ReadOrMakeAsync(cancellationToken);
        await MakeTenant(secrets, cancellationToken);
        await MakeDevice(secrets, cancellationToken);
        await MakeWebhook(secrets, cancellationToken);
        (access.Token, access.WebhookSecret, access.WebhookUrl) = (secrets.Token, secrets.WebhookSecret, SinkUrl());
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task MakeTenant(DemoSecrets secrets, CancellationToken cancellationToken)
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
                $"The database has another tenant named Demo, whose token was in {_file.Path}. Put that file back, or start without --demo.");
        }
    }

    private async Task MakeDevice(DemoSecrets secrets, CancellationToken cancellationToken)
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

        var phones = services.GetRequiredService<ISimulatedPhones>();
        var device = grains.GetGrain<IDeviceGrain>(key.ToString());
        await phones.CreateAsync(PhoneNumber, cancellationToken);
        if (await device.RequestQr(refresh: true, cancellationToken) is PairingAnswer.Code code)
        {
            await phones.ScanAsync(PhoneNumber, code.Value, cancellationToken);
        }

        // The network tells of a pairing by itself, a moment later.
        for (var attempt = 1; (await device.Connect(cancellationToken)).Result != LinkResult.Done && attempt < ConnectAttempts; attempt++)
        {
            await Task.Delay(ConnectPause, clock, cancellationToken);
        }
    }

    private async Task MakeWebhook(DemoSecrets secrets, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var known = await webhooks.FindByDeviceAsync(secrets.TenantId, secrets.DeviceId, cancellationToken);
        await webhooks.PutAsync(
            new()
            {
                Id = known?.Id ?? $"wh_{Guid.NewGuid():N}",
                TenantId = secrets.TenantId,
                DeviceId = secrets.DeviceId,
                UserId = secrets.UserId,
                Url = new Uri(SinkUrl()),
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

    private string SinkUrl()
    {
        var network = services.GetRequiredService<ISimulatedPhones>().Address?.ToString().TrimEnd('/')
            ?? Banner.Reachable(services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return $"{network}/simulator/webhooks/{SinkName}";
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Tenants;
using Wuts.Domain.Webhooks;

namespace Wuts.Storage.Tests.Fixtures;

/// <summary>Things to store. Each device is new, so that the tests of a class do not see each other's.</summary>
internal static class Samples
{
    public const string ATraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    public static readonly DateTimeOffset T0 = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<DeviceKey> NewDeviceAsync(this StorageFixture storage, string? tenantId = null)
    {
        var device = NewDevice(tenantId ?? NewId());
        await storage.Devices.CreateAsync(device);
        return device.Key;
    }

    public static Device NewDevice(string tenantId) => new()
    {
        TenantId = tenantId,
        Id = NewId(),
        UserId = "user-1",
        Name = "Front desk",
        Transport = "simulator",
        Epoch = 1,
        Session = DeviceSession.New(T0),
        CreatedAt = T0,
        UpdatedAt = T0,
    };

    public static async Task<WebhookEndpoint> SubscribeAsync(this StorageFixture storage, DeviceKey device, params string[] events) =>
        await storage.Webhooks.PutAsync(NewEndpoint(device, events.Length == 0 ? [.. WebhookEvents.All] : events));

    public static WebhookEndpoint NewEndpoint(DeviceKey device, params string[] events) => new()
    {
        Id = $"wh_{NewId()}",
        TenantId = device.TenantId,
        DeviceId = device.DeviceId,
        UserId = "user-1",
        Url = new Uri("https://customer.example/hooks?a=1"),
        Events = [.. events],
        Enabled = true,
        Timeout = TimeSpan.FromSeconds(30),
        Headers = ImmutableDictionary<string, string>.Empty.Add("X-Key", "1"),
        CreatedAt = T0,
        UpdatedAt = T0,
    };

    public static MessageEnvelope NewEnvelope(DeviceKey device, long position = 1, string? chatJid = null) => new()
    {
        Id = MessageId.FromOperation(device.TenantId, NewId()),
        TenantId = device.TenantId,
        DeviceId = device.DeviceId,
        UserId = "user-1",
        ChatJid = chatJid ?? "5511999990001@s.whatsapp.net",
        Content = new TextContent("Olá, \"mundo\" 🌍\n\u0000", ["5511999990002@s.whatsapp.net"], new QuotedMessage("3EB0AA", true, "before")),
        Fingerprint = "f1",
        AcceptedAt = T0,
        DueAt = T0,
        Typing = TimeSpan.FromSeconds(3),
        Position = position,
    };

    public static Transition NewAcceptance(DeviceKey device, long position = 1, long epoch = 1, bool claim = true) =>
        Message.Accept(NewEnvelope(device, position), epoch, claim);

    public static Transition Sent(this Transition before, DateTimeOffset? at = null) => before.Message.Record(
        before.Message.Epoch, before.Message.Attempt, new DispatchOutcome.Accepted(before.Message.Envelope.Id, at ?? T0.AddSeconds(4)), T0)!;

    public static Transition Reached(this Transition before, DeliveryStage stage, DateTimeOffset? at = null) =>
        before.Message.Apply([new DeliveryEvent(stage, at ?? T0.AddSeconds(9), stage == DeliveryStage.Failed ? AFailure : null)])!;

    public static Failure AFailure { get; } = new("131026", FailureClass.Recipient, false, "The number is not on WhatsApp.");

    public static async Task<Transition> WriteAsync(this StorageFixture storage, Transition transition, bool fenced = false)
    {
        Assert.Equal(WriteOutcome.Written, await storage.Messages.WriteAsync(transition, fenced));
        return transition;
    }

    public static async Task<Tenant> NewTenantAsync(this StorageFixture storage)
    {
        var tenant = NewTenant();
        await storage.Get<ITenantStore>().RegisterAsync(tenant, NewUser(tenant));
        return tenant;
    }

    public static Tenant NewTenant(string? name = null) => new(NewId(), name ?? $"Tenant {NewId()}", T0, T0);

    public static User NewUser(Tenant tenant, string? email = null) => new()
    {
        TenantId = tenant.Id,
        Id = NewId(),
        Email = email ?? $"{NewId()}@customer.example",
        Role = Role.Manager,
        Active = true,
        TokenHash = AccessToken.Hash(NewId()),
        PendingWebhookUrl = new Uri("https://customer.example/pending"),
        CreatedAt = T0,
        UpdatedAt = T0,
    };

    public static string NewId() => Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
}

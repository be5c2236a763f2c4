using System.Net;
using Wuts.Domain.Sending;
using Wuts.Storage;
using Wuts.Domain.Delivery;

namespace Wuts.Api.Tests.Scripted;

/// <summary>What belongs to somebody else is the same as what is not there.</summary>
public sealed class DeviceWallTests : IAsyncLifetime
{
    private FrontEnd _frontEnd = null!;

    public static TheoryData<string, string> OnDevices => new()
    {
        { "GET", "/status?device_id={0}" }, { "GET", "/qr?device_id={0}" }, { "GET", "/qr/status?device_id={0}" }, { "POST", "/paircode?device_id={0}" },
        { "POST", "/connect?device_id={0}" }, { "POST", "/disconnect?device_id={0}" }, { "POST", "/logout?device_id={0}" }, { "DELETE", "/devices/{0}" },
        { "DELETE", "/devices/{0}?purge=true" }, { "POST", "/webhook?device_id={0}" }, { "GET", "/webhook?device_id={0}" },
        { "DELETE", "/webhook?device_id={0}" }, { "GET", "/webhook/dead-letters?device_id={0}" }, { "GET", "/devices/{0}/queue" },
    };

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync();
        await _frontEnd.AddDevice("user", "of-user");
        await _frontEnd.AddDevice("admin", "of-admin");
        await _frontEnd.AddDevice("stranger", "of-stranger", tenant: "other");
        _frontEnd.Grains.Link = () => throw new InvalidOperationException("A foreign device was touched.");
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Theory]
    [MemberData(nameof(OnDevices))]
    public async Task A_device_of_another_tenant_is_not_found(string method, string path) => await IsNotFound(FrontEnd.Admin, method, path, "of-stranger");

    [Theory]
    [MemberData(nameof(OnDevices))]
    public async Task A_user_does_not_find_the_devices_of_others(string method, string path) => await IsNotFound(FrontEnd.User, method, path, "of-admin");

    [Theory]
    [InlineData(FrontEnd.Manager)]
    [InlineData(FrontEnd.Admin)]
    public async Task Managers_and_admins_find_all_devices_of_their_tenant(string token) =>
        (await _frontEnd.As(token).Get("/status?device_id=of-user")).Is(HttpStatusCode.OK);

    [Fact]
    public async Task A_user_lists_its_own_devices_and_a_manager_all_of_the_tenant()
    {
        Assert.Equal(["of-user"], await Ids(FrontEnd.User));
        Assert.Equal(["of-admin", "of-user"], (await Ids(FrontEnd.Manager)).Order());
        Assert.Equal(["of-stranger"], await Ids(FrontEnd.Stranger));
    }

    [Fact]
    public async Task Messages_are_found_by_their_sender_its_managers_and_nobody_else()
    {
        var id = MessageId.FromOperation("acme", "1");
        await Store(id, "acme", "of-user", "user");

        foreach (var path in new[] { $"/messages/{id}", $"/messages/{id}/status" })
        {
            (await _frontEnd.As(FrontEnd.User).Get(path)).Is(HttpStatusCode.OK);
            (await _frontEnd.As(FrontEnd.Manager).Get(path)).Is(HttpStatusCode.OK);
            (await _frontEnd.As(FrontEnd.Stranger).Get(path)).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
        }

        var managers = MessageId.FromOperation("acme", "2");
        await Store(managers, "acme", "of-user", "manager");
        (await _frontEnd.As(FrontEnd.User).Get($"/messages/{managers}")).IsError(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    private async Task IsNotFound(string token, string method, string path, string device)
    {
        var body = path.StartsWith("/webhook", StringComparison.Ordinal)
            ? """{"webhook_url":"https://example.com/hook","enabled_events":["*"]}"""
            : """{"phone":"5511999990001"}""";
        var content = method == "POST" ? Support.ApiClient.Json(body) : null;
        var reply = await _frontEnd.As(token).Send(new(method), string.Format(System.Globalization.CultureInfo.InvariantCulture, path, device), content);
        reply.IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND");
    }

    private async Task<string[]> Ids(string token) =>
        [.. (await _frontEnd.As(token).Get("/devices"))["devices"].EnumerateArray().Select(d => d.GetProperty("id").GetString()!)];

    private async Task Store(string id, string tenant, string device, string user)
    {
        var accepted = Message.Accept(
            new()
            {
                Id = id, TenantId = tenant, DeviceId = device, UserId = user, ChatJid = Samples.Chat, Content = new TextContent("hi", []),
                Fingerprint = "f", AcceptedAt = Samples.T0, DueAt = Samples.T0, Typing = TimeSpan.Zero, Position = 1,
            },
            epoch: 0,
            claim: false);
        Assert.Equal(WriteOutcome.Written, await _frontEnd.Service<IMessageStore>().WriteAsync(accepted, fenced: true));
    }
}

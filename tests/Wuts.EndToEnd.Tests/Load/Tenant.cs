using System.Collections.Immutable;
using Wuts.EndToEnd.Tests.Witnesses;

namespace Wuts.EndToEnd.Tests.Load;

/// <summary>A tenant whose devices are paired with simulated phones, each with a webhook to the receiver.</summary>
internal sealed record Tenant(string Id, string Token, ImmutableArray<LinkedDevice> Devices)
{
    private static readonly string[] AllEvents = ["*"];
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task<Tenant> RegisterAsync(Site site, WebhookReceiver receiver, int devices)
    {
        var registered = await site.Api.CallAsync(
            HttpMethod.Post, "/register", new { tenant_name = "Faults", email = "faults@example.com", password = "correct horse" }, WutsProcess.MasterToken);
        var token = (string)registered["token"]!;
        return new(
            (string)registered["tenant"]!["id"]!,
            token,
            [.. await Task.WhenAll(Enumerable.Range(0, devices).Select(d => LinkAsync(site, receiver, token, d)))]);
    }

    private static async Task<LinkedDevice> LinkAsync(Site site, WebhookReceiver receiver, string token, int number)
    {
        var device = (string)(await site.Api.CallAsync(HttpMethod.Post, "/devices", new { name = $"device {number}" }, token))["device"]!["id"]!;
        var webhook = await site.Api.CallAsync(
            HttpMethod.Post, "/webhook", new { webhook_url = receiver.UrlOf(device), enabled_events = AllEvents, timeout = 2, device_id = device }, token);
        var qr = (string)(await site.Api.CallAsync(HttpMethod.Get, $"/qr?device_id={device}", token: token))["data"]!["qr_code"]!;
        var phone = $"55119999{number:00000}";
        await site.Network.CallAsync(HttpMethod.Post, "/simulator/phones", new { number = phone });
        await site.Network.CallAsync(HttpMethod.Post, $"/simulator/phones/{phone}/scan", new { qr_code = qr });
        while (!(bool)(await site.Api.CallAsync(HttpMethod.Get, $"/status?device_id={device}", token: token))["data"]!["connected"]!)
        {
            await Task.Delay(Interval); // the network tells of the pairing by itself
        }

        return new(device, (string)webhook["webhook"]!["id"]!, phone);
    }
}

/// <param name="Phone">The number of its phone.</param>
internal sealed record LinkedDevice(string Id, string EndpointId, string Phone);

using System.Collections.Immutable;

namespace Wuts.EndToEnd.Tests.Load;

/// <summary>A tenant whose devices are paired with simulated phones, each with a webhook to the receiver.</summary>
internal sealed record Tenant(string Id, string Token, ImmutableArray<LinkedDevice> Devices)
{
    private static readonly string[] AllEvents = ["*"];

    public static async Task<Tenant> RegisterAsync(WutsProcess wuts, WebhookReceiver receiver, int devices)
    {
        var registered = await wuts.CallAsync(
            HttpMethod.Post, "/register", new { tenant_name = "Faults", email = "faults@example.com", password = "correct horse" }, WutsProcess.MasterToken);
        var token = (string)registered["token"]!;
        return new(
            (string)registered["tenant"]!["id"]!,
            token,
            [.. await Task.WhenAll(Enumerable.Range(0, devices).Select(d => LinkAsync(wuts, receiver, token, d)))]);
    }

    private static async Task<LinkedDevice> LinkAsync(WutsProcess wuts, WebhookReceiver receiver, string token, int number)
    {
        var device = (string)(await wuts.CallAsync(HttpMethod.Post, "/devices", new { name = $"device {number}" }, token))["device"]!["id"]!;
        var webhook = await wuts.CallAsync(
            HttpMethod.Post, "/webhook", new { webhook_url = receiver.UrlOf(device), enabled_events = AllEvents, timeout = 2, device_id = device }, token);
        var qr = (string)(await wuts.CallAsync(HttpMethod.Get, $"/qr?device_id={device}", token: token))["data"]!["qr_code"]!;
        var phone = $"55119999{number:00000}";
        await wuts.CallAsync(HttpMethod.Post, "/simulator/phones", new { number = phone });
        await wuts.CallAsync(HttpMethod.Post, $"/simulator/phones/{phone}/scan", new { qr_code = qr });
        await wuts.CallAsync(HttpMethod.Post, $"/connect?device_id={device}", token: token);
        return new(device, (string)webhook["webhook"]!["id"]!);
    }
}

internal sealed record LinkedDevice(string Id, string EndpointId);

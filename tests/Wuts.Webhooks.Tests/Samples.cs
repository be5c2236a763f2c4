using System.Collections.Immutable;
using System.Text;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;

namespace Wuts.Webhooks.Tests;

internal static class Samples
{
    public static readonly DateTimeOffset T0 = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static WebhookEndpoint Endpoint(Uri? url = null) => new()
    {
        Id = "wh_0123456789abcdef0123456789abcdef",
        TenantId = "acme",
        DeviceId = "dev-1",
        UserId = "user-1",
        Url = url ?? new Uri("https://hooks.example.com/wuts"),
        Events = [.. WebhookEvents.All],
        Enabled = true,
        Timeout = TimeSpan.FromSeconds(30),
        Headers = ImmutableDictionary<string, string>.Empty,
        CreatedAt = T0,
        UpdatedAt = T0,
    };

    public static Message Message(string text = "Olá", string chat = "5511999990001@s.whatsapp.net") => Domain.Delivery.Message.Accept(
        new MessageEnvelope
        {
            Id = "3EB0000102030405060708AA",
            TenantId = "acme",
            DeviceId = "dev-1",
            UserId = "user-1",
            ChatJid = chat,
            Content = new TextContent(text, []),
            Fingerprint = "f",
            AcceptedAt = T0,
            DueAt = T0,
            Typing = TimeSpan.Zero,
            Position = 1,
        },
        epoch: 1,
        claim: true).Message;

    public static WebhookSecret Secret(string value = "s3cret") =>
        WebhookSecret.Parse(value, out var error) ?? throw new ArgumentException(error);

    public static WebhookEnvelope Envelope(WebhookSecret? secret = null) =>
        WebhookEnvelope.Render(Endpoint(), secret, 7, new(WebhookEvents.MessageSent, T0), Message(), dataJson: null);

    /// <summary>JSON that is broken into lines only to be read here.</summary>
    public static string OneLine(string json) => json.ReplaceLineEndings(string.Empty);

    public static string Text(this WebhookEnvelope envelope) => Encoding.UTF8.GetString(envelope.Body.Span);
}

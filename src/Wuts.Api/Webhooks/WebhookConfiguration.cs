using System.Collections.Immutable;
using Wuts.Api.Requests;
using Wuts.Domain.Webhooks;
using Wuts.Webhooks;

namespace Wuts.Api.Webhooks;

/// <summary>A <see cref="WebhookRequest"/>, read and checked.</summary>
internal sealed record WebhookConfiguration
{
    private const string AllEvents = "*";

    // Stands in for a URL that was refused: a configuration with errors is never used.
    private static readonly Uri Nowhere = new("about:blank");

    public required Uri Url { get; init; }

    public required ImmutableArray<string> Events { get; init; }

    public required bool Enabled { get; init; }

    public required int? Retries { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required string? Secret { get; init; }

    public required ImmutableDictionary<string, string> Headers { get; init; }

    public required string? DeviceId { get; init; }

    public static WebhookConfiguration Read(Fields fields, WebhookOptions options) => new()
    {
        Url = ReadUrl(fields, options),
        Events = ReadEvents(fields),
        Enabled = fields.Flag("enabled") ?? true,
        Retries = fields.Integer("retry_attempts", 0, WebhookEndpoint.MaxRetries),
        Timeout = TimeSpan.FromSeconds(fields.Integer("timeout", 1, WebhookEndpoint.MaxTimeoutSeconds) ?? WebhookEndpoint.DefaultTimeoutSeconds),
        Secret = ReadSecret(fields),
        Headers = ReadHeaders(fields),
        DeviceId = fields.Text("device_id", min: 0),
    };

    private static Uri ReadUrl(Fields fields, WebhookOptions options)
    {
        if (fields.Text("webhook_url", required: true, min: 0, max: WebhookUrl.MaxLength) is not { } text)
        {
            return Nowhere;
        }

        var url = WebhookUrl.Parse(text, options, out var error);
        if (error is not null)
        {
            fields.Refuse("webhook_url", error, text);
        }

        return url ?? Nowhere;
    }

    private static ImmutableArray<string> ReadEvents(Fields fields)
    {
        var before = fields.ErrorCount;
        var names = fields.Texts("enabled_events", required: true, max: 256);
        if (fields.ErrorCount > before)
        {
            return [];
        }

        if (names.IsEmpty)
        {
            fields.Refuse("enabled_events", "must name at least one event");
        }

        foreach (var (index, name) in names.Index())
        {
            if (name != AllEvents && !WebhookEvents.IsKnown(name))
            {
                fields.Refuse($"enabled_events[{index}]", "is not an event of GET /webhook/events", name);
            }
        }

        return names.Contains(AllEvents) ? WebhookEvents.All : [.. names.Distinct()];
    }

    private static string? ReadSecret(Fields fields)
    {
        if (fields.Text("secret", min: 0, max: int.MaxValue, secret: true) is not { Length: > 0 } secret)
        {
            return null;
        }

        if (WebhookSecret.Parse(secret, out var error) is null)
        {
            fields.Refuse("secret", error!);
        }

        return secret;
    }

    private static ImmutableDictionary<string, string> ReadHeaders(Fields fields)
    {
        var headers = fields.Map("headers");
        if (WebhookHeaders.FindError(headers) is { } error)
        {
            fields.Refuse("headers", error);
        }

        return headers;
    }
}

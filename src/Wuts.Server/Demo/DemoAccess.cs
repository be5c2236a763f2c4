namespace Wuts.Server.Demo;

/// <summary>What a newcomer needs to use the demo tenant; empty while there is none.</summary>
internal sealed class DemoAccess
{
    public string? Token { get; set; }

    public string? WebhookSecret { get; set; }

    /// <summary>Where the webhooks of the demo can be looked at.</summary>
    public string? WebhookUrl { get; set; }
}

using System.Collections.Immutable;
using Wuts.Domain.Webhooks;

namespace Wuts.Domain.Devices;

/// <summary>Which webhook events tell of a change of a session.</summary>
public static class SessionNotices
{
    /// <summary>The event types for a stored session that becomes another; empty when nobody needs to know.</summary>
    public static ImmutableArray<string> Between(DeviceSession before, DeviceSession after)
    {
        var events = ImmutableArray.CreateBuilder<string>();
        if (after.IsPaired && after.Credentials != before.Credentials)
        {
            events.Add(WebhookEvents.PairSuccess);
        }

        if (before.IsPairing && !after.IsPairing && !after.IsPaired)
        {
            events.Add(WebhookEvents.PairError);
        }

        switch (after.State)
        {
            case DeviceState.Connected when !before.IsConnected:
                events.Add(WebhookEvents.DeviceConnected);
                break;
            case DeviceState.Disconnected when before.IsConnected:
                events.Add(WebhookEvents.DeviceDisconnected);
                break;
            case DeviceState.Disconnected when after.Failures > before.Failures:
                events.Add(WebhookEvents.ConnectionFailure);
                break;
            case DeviceState.LoggedOut when before.State != DeviceState.LoggedOut:
                events.Add(WebhookEvents.DeviceLoggedOut);
                break;
            case DeviceState.Banned when before.State != DeviceState.Banned:
                events.Add(WebhookEvents.TemporaryBan);
                break;
        }

        return events.DrainToImmutable();
    }
}

using System.Text.Json.Serialization;

namespace Wuts.Api.Devices;

/// <summary>What a device is doing now.</summary>
internal sealed record DeviceStatus
{
    public required bool Connected { get; init; }

    /// <summary>disconnected, connecting, qr_pending, pair_code_pending, connected, logged_out, banned or paused.</summary>
    public required string Status { get; init; }

    public required string DeviceId { get; init; }

    public required string? Jid { get; init; }

    public required string? PhoneNumber { get; init; }

    /// <summary>Whether it is paired, so that it can connect without a QR or pair code.</summary>
    public required bool IsLoggedIn { get; init; }

    public required DateTimeOffset? LastSeen { get; init; }

    /// <summary>Messages that wait to leave, the one that is leaving included.</summary>
    public required int QueueDepth { get; init; }

    /// <summary>Why it is not connected, in words for people.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

/// <summary>What came of a request to connect.</summary>
/// <param name="Status">The device's state now.</param>
/// <param name="DeviceId">The device meant.</param>
/// <param name="NeedsQr">Whether it has no pairing, so that `GET /qr` or `POST /paircode` must come first.</param>
internal sealed record ConnectResult(string Status, string DeviceId, bool NeedsQr);

/// <summary>What was done to a device's link.</summary>
internal sealed record LinkResultData(string Message, string DeviceId);

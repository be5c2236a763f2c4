using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Wuts.Api.Devices;

/// <summary>A QR code to be scanned with WhatsApp: Linked devices, Link a device.</summary>
internal sealed record QrCode
{
    /// <summary>What the QR code says, for those who draw it themselves.</summary>
    [JsonPropertyName("qr_code")]
    public required string Text { get; init; }

    /// <summary>The QR code as a PNG in a data URI.</summary>
    public required string Image { get; init; }

    /// <summary>Whether it was given before.</summary>
    public required bool Cached { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How long a code is valid, in seconds, from when it was made.</summary>
    public required int Ttl { get; init; }
}

/// <summary>Whether a QR code can be scanned now.</summary>
internal sealed record QrState(bool Exists, DateTimeOffset? GeneratedAt);

/// <summary>A request for a pair code.</summary>
internal sealed record PairCodeRequest
{
    /// <summary>The number of the phone that will enter the code, with country code.</summary>
    public required string Phone { get; init; }

    public string? DeviceId { get; init; }

    /// <summary>Give the last code for this number again while it is valid.</summary>
    [DefaultValue(true)]
    public bool? ReuseCache { get; init; }
}

/// <summary>A code to enter on the phone: Linked devices, Link a device, Link with phone number.</summary>
internal sealed record PairCode
{
    public required string Code { get; init; }

    public required string Phone { get; init; }

    /// <summary>Seconds left.</summary>
    public required int ExpiresIn { get; init; }

    /// <summary>Whether it was given before.</summary>
    public required bool Cached { get; init; }

    /// <summary>What to do with it, in Portuguese.</summary>
    public required string Instructions { get; init; }
}

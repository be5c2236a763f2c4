using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Domain.Devices;

namespace Wuts.Api.Devices;

/// <summary>A new device of the caller.</summary>
internal sealed record CreateDeviceRequest
{
    [MinLength(1), MaxLength(100)]
    public required string Name { get; init; }
}

/// <summary>One WhatsApp number, or the slot for one.</summary>
internal sealed record DeviceResource
{
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; init; }

    /// <summary>The number's JID, once it was paired.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WhatsappJid { get; init; }

    public required bool Connected { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastSeen { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WebhookUrl { get; init; }

    /// <summary>disconnected, connecting, qr_pending, pair_code_pending, connected, logged_out, banned or paused.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static DeviceResource Of(Device device, Uri? webhook) => new()
    {
        Id = device.Id,
        UserId = device.UserId,
        Name = device.Name,
        WhatsappJid = device.Session.Jid,
        Connected = device.Session.IsConnected,
        LastSeen = device.Session.LastSeenAt,
        WebhookUrl = webhook?.OriginalString,
        Status = StoredName.Of(device.Session.State),
        CreatedAt = device.CreatedAt,
        UpdatedAt = device.UpdatedAt,
    };
}

internal sealed record DevicesAnswer
{
    public bool Success { get; init; } = true;

    public required ImmutableArray<DeviceResource> Devices { get; init; }
}

/// <summary>The three shapes that the contract documents for this answer, in one.</summary>
internal sealed record CreateDeviceAnswer
{
    public bool Success { get; init; } = true;

    public required DeviceResource Device { get; init; }

    public required string Message { get; init; }

    public required CreatedDevice Data { get; init; }
}

/// <summary>The new device in short.</summary>
internal sealed record CreatedDevice(string DeviceId, string Name);

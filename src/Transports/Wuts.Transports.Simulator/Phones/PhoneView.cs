using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Transports.Simulator.Log;

namespace Wuts.Transports.Simulator.Phones;

/// <summary>What can be seen of a phone.</summary>
/// <param name="Typing">Numbers seen typing to it.</param>
/// <param name="Messages">The last messages it received, oldest first; empty in lists.</param>
public sealed record PhoneView(
    [property: JsonPropertyName("number")] string Number,
    [property: JsonPropertyName("state")] PhoneState State,
    [property: JsonPropertyName("devices")] ImmutableArray<LinkedDeviceView> Devices,
    [property: JsonPropertyName("typing")] ImmutableArray<string> Typing,
    [property: JsonPropertyName("messages")] ImmutableArray<PhoneMessageView> Messages);

/// <param name="Device"><c>{tenant}/{device}</c>.</param>
/// <param name="Live">Whether its link is up.</param>
public sealed record LinkedDeviceView(
    [property: JsonPropertyName("device")] string Device,
    [property: JsonPropertyName("live")] bool Live);

/// <summary>A message on the phone that received it.</summary>
public sealed record PhoneMessageView(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("from")] string From,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("text")] string? Text,
    [property: JsonPropertyName("accepted_at"), JsonConverter(typeof(UtcTimeConverter))] DateTimeOffset AcceptedAt,
    [property: JsonPropertyName("delivered_at"), JsonConverter(typeof(UtcTimeConverter))] DateTimeOffset? DeliveredAt,
    [property: JsonPropertyName("read_at"), JsonConverter(typeof(UtcTimeConverter))] DateTimeOffset? ReadAt,
    [property: JsonPropertyName("played_at"), JsonConverter(typeof(UtcTimeConverter))] DateTimeOffset? PlayedAt);

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Domain.Devices;
using Wuts.Transports.Simulator.Log;

namespace Wuts.Transports.Simulator.Phones;

/// <summary>What can be seen of a phone.</summary>
/// <param name="Typing">Numbers seen typing to it.</param>
/// <param name="Messages">The last messages it received, oldest first; empty in lists.</param>
/// <param name="Standing">What the network holds of it as a sender; absent while there is nothing.</param>
public sealed record PhoneView(
    [property: JsonPropertyName("number")] string Number,
    [property: JsonPropertyName("state")] PhoneState State,
    [property: JsonPropertyName("devices")] ImmutableArray<LinkedDeviceView> Devices,
    [property: JsonPropertyName("typing")] ImmutableArray<string> Typing,
    [property: JsonPropertyName("messages")] ImmutableArray<PhoneMessageView> Messages,
    [property: JsonPropertyName("standing")] StandingView? Standing);

/// <summary>What the network's rules look at.</summary>
/// <param name="Messages">The last messages that are looked at for the rating.</param>
/// <param name="Blocks">Blocks that count for the rating.</param>
/// <param name="Reports">Reports that count for the rating.</param>
/// <param name="Strangers">Strangers it wrote to within 24 hours, since its last ban.</param>
/// <param name="NewChats">Chats with strangers it opened in the 24 hours that run.</param>
/// <param name="NewChatsLeft">How many more it may open in them; absent where there is no cap.</param>
/// <param name="NewChatsUntil">When those hours end; absent when none run.</param>
public sealed record StandingView(
    [property: JsonPropertyName("rating"), JsonConverter(typeof(SnakeCaseConverter<QualityRating>))] QualityRating Rating,
    [property: JsonPropertyName("messages")] int Messages,
    [property: JsonPropertyName("blocks")] int Blocks,
    [property: JsonPropertyName("reports")] int Reports,
    [property: JsonPropertyName("strangers")] int Strangers,
    [property: JsonPropertyName("new_chats")] int NewChats,
    [property: JsonPropertyName("new_chats_left")] int? NewChatsLeft,
    [property: JsonPropertyName("new_chats_until"), JsonConverter(typeof(UtcTimeConverter))] DateTimeOffset? NewChatsUntil);

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

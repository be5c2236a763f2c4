using System.Text.Json.Serialization;
using Wuts.Domain.Devices;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Phones;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Simulator.Log;

/// <summary>One line of the network's log: something that reached the network, or happened in it.</summary>
public sealed record LogEntry
{
    /// <summary>The line's number: 1, 2, 3… without gaps.</summary>
    public long Seq { get; init; }

    [JsonConverter(typeof(UtcTimeConverter))]
    public DateTimeOffset At { get; init; }

    public required LogKind Kind { get; init; }

    /// <summary>The device it is about, as <c>{tenant}/{device}</c>.</summary>
    public string? Device { get; init; }

    /// <summary>The number that acts: the sender's, or the phone's.</summary>
    public string? From { get; init; }

    /// <summary>The number that it is meant for; a JID where it is not a user's.</summary>
    public string? To { get; init; }

    /// <summary>The message's id.</summary>
    public string? Id { get; init; }

    /// <summary>The message's kind, such as <c>text</c>.</summary>
    public string? Type { get; init; }

    public string? Text { get; init; }

    /// <summary>Why, in words for people; for <see cref="LogKind.Refused"/> the failure's code.</summary>
    public string? Reason { get; init; }

    /// <summary>When a pairing code runs out, or a ban or restriction ends.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Set on a message that the recipient will never see, because it blocks the sender.</summary>
    public bool? Blocked { get; init; }

    /// <summary>Which connection of the device made the link, closed it or asked for the code; absent for one in the network's own process.</summary>
    public string? Connection { get; init; }

    public PhoneState? Phone { get; init; }

    /// <summary>The line up to which events were acknowledged.</summary>
    public long? Through { get; init; }

    public NetworkFaults? Faults { get; init; }

    public NetworkRules? Rules { get; init; }

    /// <summary>How the number is rated from now on.</summary>
    [JsonConverter(typeof(SnakeCaseConverter<QualityRating>))]
    public QualityRating? Rating { get; init; }

    /// <summary>What the number is kept from.</summary>
    [JsonConverter(typeof(SnakeCaseConverter<RestrictionKind>))]
    public RestrictionKind? Restriction { get; init; }

    /// <summary>How many new chats the number may yet open.</summary>
    public int? Remaining { get; init; }

    /// <summary>A pairing code or a link's credentials. It is in the file, so that a restart keeps it, and is shown to nobody.</summary>
    public string? Secret { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LogEntry))]
internal sealed partial class LogJson : JsonSerializerContext;

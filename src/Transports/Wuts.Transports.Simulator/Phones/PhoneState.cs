using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Transports.Simulator.Log;

namespace Wuts.Transports.Simulator.Phones;

/// <summary>How a phone is, and what its owner does with it.</summary>
public sealed record PhoneState
{
    /// <summary>Messages reach it. What comes while it is offline waits.</summary>
    [JsonPropertyName("online")]
    public bool Online { get; init; } = true;

    /// <summary>Its owner opens chats. What was delivered before is read when this turns on.</summary>
    [JsonPropertyName("reads")]
    public bool Reads { get; init; } = true;

    /// <summary>It reports every message as played once it is read, not only voice.</summary>
    [JsonPropertyName("plays")]
    public bool Plays { get; init; }

    /// <summary>The number is on WhatsApp. Messages to one that is not are refused.</summary>
    [JsonPropertyName("registered")]
    public bool Registered { get; init; } = true;

    /// <summary>Numbers whose messages never reach it.</summary>
    [JsonPropertyName("blocks")]
    public ImmutableArray<string> Blocks { get; init; } = [];

    /// <summary>Until then it is banned: none of its linked devices connects.</summary>
    [JsonPropertyName("banned_until"), JsonConverter(typeof(UtcTimeConverter))]
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>The name that others see with its messages.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>
    /// What its owner does about messages, sender by sender. <c>null</c>: chance decides, by the rates of the faults. Empty: nothing,
    /// whatever the rates are.
    /// </summary>
    [JsonPropertyName("reactions")]
    public ImmutableArray<Reaction>? Reactions { get; init; }

    /// <summary>Since when the number is on WhatsApp, for rules about young numbers; <c>null</c>: since the network knows it.</summary>
    [JsonPropertyName("since"), JsonConverter(typeof(UtcTimeConverter))]
    public DateTimeOffset? Since { get; init; }

    /// <summary>Until then its devices may write to nobody who never wrote to it.</summary>
    [JsonPropertyName("reach_out_until"), JsonConverter(typeof(UtcTimeConverter))]
    public DateTimeOffset? ReachOutUntil { get; init; }

    /// <summary>How many new chats its devices may open in 24 hours, 0 for any number; <c>null</c>: as the rules say.</summary>
    [JsonPropertyName("new_chat_cap")]
    public int? NewChatCap { get; init; }

    public bool IsBanned(DateTimeOffset now) => BannedUntil > now;
}

/// <summary>A change of a phone's state: what is <c>null</c> stays as it is.</summary>
public sealed record PhoneChange
{
    [JsonPropertyName("online")]
    public bool? Online { get; init; }

    [JsonPropertyName("reads")]
    public bool? Reads { get; init; }

    [JsonPropertyName("plays")]
    public bool? Plays { get; init; }

    [JsonPropertyName("registered")]
    public bool? Registered { get; init; }

    /// <summary>All numbers that it blocks from now on.</summary>
    [JsonPropertyName("blocks")]
    public ImmutableArray<string>? Blocks { get; init; }

    /// <summary>A time that has passed ends a ban.</summary>
    [JsonPropertyName("banned_until")]
    public DateTimeOffset? BannedUntil { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>All that its owner does about messages from now on; the count of messages begins anew if it is not the same.</summary>
    [JsonPropertyName("reactions")]
    public ImmutableArray<Reaction>? Reactions { get; init; }

    [JsonPropertyName("since")]
    public DateTimeOffset? Since { get; init; }

    /// <summary>A time that has passed ends the restriction.</summary>
    [JsonPropertyName("reach_out_until")]
    public DateTimeOffset? ReachOutUntil { get; init; }

    [JsonPropertyName("new_chat_cap")]
    public int? NewChatCap { get; init; }

    internal PhoneState ApplyTo(PhoneState now) => new()
    {
        Online = Online ?? now.Online,
        Reads = Reads ?? now.Reads,
        Plays = Plays ?? now.Plays,
        Registered = Registered ?? now.Registered,
        Blocks = Blocks ?? now.Blocks,
        BannedUntil = BannedUntil ?? now.BannedUntil,
        Name = Name ?? now.Name,
        Reactions = Reactions ?? now.Reactions,
        Since = Since ?? now.Since,
        ReachOutUntil = ReachOutUntil ?? now.ReachOutUntil,
        NewChatCap = NewChatCap ?? now.NewChatCap,
    };
}

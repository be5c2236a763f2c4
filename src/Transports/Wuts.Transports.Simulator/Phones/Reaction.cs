using System.Text.Json;
using System.Text.Json.Serialization;
using Wuts.Domain.Sending;

namespace Wuts.Transports.Simulator.Phones;

/// <summary>What a phone's owner does about messages of one sender. The names are stored in snake_case: never rename them.</summary>
[JsonConverter(typeof(ReactionKindConverter))]
public enum ReactionKind
{
    /// <summary>Nothing of this sender reaches the phone any more; the sender is told nothing.</summary>
    Block,

    /// <summary>Complains to the network, and goes on receiving.</summary>
    Report,

    /// <summary>Writes back.</summary>
    Reply,
}

/// <summary>Something that a phone's owner does as soon as the phone has a sender's so-manieth message.</summary>
public sealed record Reaction
{
    public const int LongestPatience = 1000;

    [JsonPropertyName("does")]
    public required ReactionKind Does { get; init; }

    /// <summary>
    /// Which message of each sender it takes, 1 to 1,000, default 1; for a block also 0: not even the first one arrives. Counted
    /// from when the phone's reactions were changed last.
    /// </summary>
    [JsonPropertyName("after")]
    public int After { get; init; } = 1;

    /// <summary>What is replied, such as <c>STOP</c>.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>The field that is wrong, and how; <c>null</c> when none is.</summary>
    internal (string Field, string Message, object? Value)? Check()
    {
        var least = Does == ReactionKind.Block ? 0 : 1;
        return !Enum.IsDefined(Does) ? ("does", "must be block, report or reply", Does)
            : After < least || After > LongestPatience ? ("after", $"must be {least} to {LongestPatience} messages", After)
            : Does == ReactionKind.Reply && Text is not { Length: > 0 and <= TextContent.MaxLength }
                ? ("text", $"must be 1 to {TextContent.MaxLength} characters: it is what is replied", Text)
            : Does != ReactionKind.Reply && Text is not null ? ("text", "belongs to a reply only: leave it out", Text)
            : null;
    }
}

internal sealed class ReactionKindConverter() : JsonStringEnumConverter<ReactionKind>(JsonNamingPolicy.SnakeCaseLower);

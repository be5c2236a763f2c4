using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Domain.Waiting;

namespace Wuts.Api.Messages;

/// <summary>What a message that has not left waits for.</summary>
internal sealed record WaitingResource
{
    /// <summary>For programs; new ones may be added.</summary>
    [JsonConverter(typeof(StoredNameConverter<WaitReason>))]
    public required WaitReason Reason { get; init; }

    /// <summary>Since when it waits for that.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset Since { get; init; }

    /// <summary>When that is over, as far as is known now. Null when nobody knows.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset? Until { get; init; }

    /// <summary>The same in a sentence that may be shown to a customer.</summary>
    public required string Sentence { get; init; }

    public static WaitingResource Of(WaitingFor waiting) =>
        new() { Reason = waiting.Reason, Since = waiting.Since, Until = waiting.Until, Sentence = waiting.Sentence };
}

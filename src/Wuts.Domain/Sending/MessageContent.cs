using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orleans;

namespace Wuts.Domain.Sending;

/// <summary>What a message says. One record a kind; the discriminator is stored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TextContent), "text")]
[GenerateSerializer, Immutable, Alias("wuts.message-content")]
public abstract record MessageContent
{
    /// <summary>The kind's stored name, and the <c>message_type</c> of its webhook events.</summary>
    [JsonIgnore]
    public abstract string Kind { get; }
}

/// <summary>A text message.</summary>
/// <param name="Text">1 to 4096 characters.</param>
/// <param name="Mentioned">User JIDs mentioned in the text.</param>
/// <param name="Quoted">The message this one answers, or <c>null</c>.</param>
[GenerateSerializer, Immutable, Alias("wuts.text-content")]
public sealed record TextContent(
    [property: Id(0)] string Text,
    [property: Id(1)] ImmutableArray<string> Mentioned,
    [property: Id(2)] QuotedMessage? Quoted = null) : MessageContent
{
    public const int MaxLength = 4096;

    public override string Kind => "text";
}

/// <summary>A reference to an earlier message of the same chat, with the text to show for it.</summary>
[GenerateSerializer, Immutable, Alias("wuts.quoted-message")]
public sealed record QuotedMessage(
    [property: Id(0)] string Id,
    [property: Id(1)] bool FromMe,
    [property: Id(2)] string? Text);

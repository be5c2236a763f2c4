using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Api.Requests;
using Wuts.Domain.Sending;

namespace Wuts.Api.Sending;

/// <summary>A text message to send.</summary>
internal sealed record SendTextRequest
{
    public const int MaxDelaySeconds = 3600;
    public const int MaxTypingSeconds = 30;
    public const int DefaultTypingSeconds = 3;

    private const int MaxMentions = 1024;
    private const int MaxQuotedCharacters = 65536;

    /// <summary>
    /// The recipient: 10 to 15 digits with the country code (spaces, dashes, parentheses and a leading + are ignored), or the JID
    /// of a user, group, newsletter or LID.
    /// </summary>
    public required string Number { get; init; }

    /// <summary>1 to 4096 characters. Unicode characters are counted, so that an emoji of one code point is one.</summary>
    [MinLength(1), MaxLength(TextContent.MaxLength)]
    public required string Text { get; init; }

    /// <summary>Seconds to wait before the dispatch. It counts from acceptance; typing comes after it.</summary>
    [Range(0, MaxDelaySeconds), DefaultValue(0)]
    public int? Delay { get; init; }

    /// <summary>Seconds of typing indicator before the message.</summary>
    [Range(0, MaxTypingSeconds), DefaultValue(DefaultTypingSeconds)]
    [JsonPropertyName("typingDuration")]
    public int? TypingDuration { get; init; }

    /// <summary>True for no typing indicator at all.</summary>
    [DefaultValue(false)]
    [JsonPropertyName("disablePresence")]
    public bool? DisablePresence { get; init; }

    /// <summary>The message this one answers.</summary>
    public QuotedRequest? Quoted { get; init; }

    /// <summary>Users mentioned in the text: JIDs or numbers.</summary>
    [MaxLength(MaxMentions)]
    public ImmutableArray<string>? Mentioned { get; init; }

    /// <summary>
    /// authentication, utility, service or marketing: the kind of traffic, by which messages of one device overtake each other, and
    /// which consent and warm-up go by.
    /// </summary>
    [DefaultValue(Domain.Sending.Category.Utility)]
    [JsonConverter(typeof(StoredNameConverter<Category>))]
    public Category? Category { get; init; }

    /// <summary>The device to send with: see the query parameter of this name.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Takes the request from its fields, with recipients brought to JIDs.</summary>
    public static SendTextRequest Read(Fields fields) => new()
    {
        Number = ReadNumber(fields),
        Text = fields.Text("text", required: true, max: TextContent.MaxLength) ?? string.Empty,
        Delay = fields.Integer("delay", 0, MaxDelaySeconds),
        TypingDuration = fields.Integer("typingDuration", 0, MaxTypingSeconds),
        DisablePresence = fields.Flag("disablePresence"),
        Quoted = ReadQuoted(fields),
        Mentioned = ReadMentioned(fields),
        Category = fields.OneOf<Category>("category"),
        DeviceId = fields.Text("device_id", min: 0),
    };

    private static string ReadNumber(Fields fields)
    {
        if (fields.Text("number", required: true, min: 0) is not { } number)
        {
            return string.Empty;
        }

        var jid = Jid.ParseRecipient(number, out var error);
        if (error is not null)
        {
            fields.Refuse("number", error, number);
        }

        return jid ?? string.Empty;
    }

    private static QuotedRequest? ReadQuoted(Fields fields)
    {
        if (fields.Object("quoted") is not { } quoted)
        {
            return null;
        }

        if (quoted.Object("key", required: true) is not { } key)
        {
            return null;
        }

        return new()
        {
            Key = new() { Id = key.Text("id", required: true, max: 128) ?? string.Empty, FromMe = key.Flag("fromMe") },
            Message = new() { Conversation = quoted.Object("message")?.Text("conversation", min: 0, max: MaxQuotedCharacters) },
        };
    }

    private static ImmutableArray<string> ReadMentioned(Fields fields)
    {
        var jids = ImmutableArray.CreateBuilder<string>();
        foreach (var (index, mention) in fields.Texts("mentioned", max: MaxMentions).Index())
        {
            var jid = Jid.ParseRecipient(mention, out var error);
            if (jid is null || !IsPerson(jid))
            {
                fields.Refuse($"mentioned[{index}]", error ?? "must be a user: a number, …@s.whatsapp.net or …@lid", mention);
            }
            else if (!jids.Contains(jid))
            {
                jids.Add(jid);
            }
        }

        return jids.ToImmutable();
    }

    private static bool IsPerson(string jid) =>
        jid.EndsWith("@" + Jid.UserServer, StringComparison.Ordinal) || jid.EndsWith("@" + Jid.LidServer, StringComparison.Ordinal);
}

/// <summary>The message that is answered.</summary>
internal sealed record QuotedRequest
{
    public required QuotedKey Key { get; init; }

    public QuotedText? Message { get; init; }
}

/// <summary>Which message is answered.</summary>
internal sealed record QuotedKey
{
    public required string Id { get; init; }

    /// <summary>Whether the device itself sent it.</summary>
    [JsonPropertyName("fromMe"), DefaultValue(false)]
    public bool? FromMe { get; init; }
}

/// <summary>What to show of the message that is answered.</summary>
internal sealed record QuotedText
{
    public string? Conversation { get; init; }
}

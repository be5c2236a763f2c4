using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Domain.Compliance;
using Wuts.Domain.Sending;

namespace Wuts.Api.Consents;

/// <summary>The last word on whether a recipient may be written to.</summary>
internal sealed record ConsentResource
{
    /// <summary>The digits, or the JID of a recipient whose number is hidden.</summary>
    public required string Number { get; init; }

    public required string ChatJid { get; init; }

    /// <summary>opted_out or opted_in.</summary>
    public required string State { get; init; }

    /// <summary>When it was said last.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset At { get; init; }

    /// <summary>Since when it has been so.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset Since { get; init; }

    /// <summary>How we know: keyword, api or import.</summary>
    public required string Source { get; init; }

    /// <summary>The device that heard the keyword.</summary>
    public required string? DeviceId { get; init; }

    /// <summary>The note that was given with it, or the keyword.</summary>
    public required string? Note { get; init; }

    public static ConsentResource Of(Consent consent) => new()
    {
        Number = Jid.PhoneOf(consent.ChatJid) ?? consent.ChatJid,
        ChatJid = consent.ChatJid,
        State = StoredName.Of(consent.State),
        At = consent.At,
        Since = consent.Since,
        Source = StoredName.Of(consent.Source),
        DeviceId = consent.DeviceId,
        Note = consent.Detail,
    };
}

internal sealed record ConsentAnswer
{
    public bool Success { get; init; } = true;

    public required ConsentResource Consent { get; init; }
}

internal sealed record ConsentsAnswer
{
    public bool Success { get; init; } = true;

    public required ImmutableArray<ConsentResource> Consents { get; init; }

    /// <summary>Give it as `after` for the next page; null on the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>What a recipient wants.</summary>
internal sealed record ConsentRequest
{
    /// <summary>opted_out or opted_in.</summary>
    public required string State { get; init; }

    /// <summary>How you know, for people.</summary>
    [MaxLength(ConsentRow.LongestNote)]
    public string? Note { get; init; }
}

/// <summary>One recipient of an import.</summary>
internal sealed record ConsentRowRequest
{
    /// <summary>10 to 15 digits with the country code, …@s.whatsapp.net or …@lid.</summary>
    public required string Number { get; init; }

    /// <summary>opted_out or opted_in.</summary>
    public required string State { get; init; }

    /// <summary>When it was said: RFC 3339, UTC if it has no offset, not in the future. Default: now.</summary>
    public string? At { get; init; }

    [MaxLength(ConsentRow.LongestNote)]
    public string? Note { get; init; }
}

internal sealed record ConsentImportAnswer
{
    public bool Success { get; init; } = true;

    public required int Rows { get; init; }

    /// <summary>Recipients of whom this was news. The others were known as well or better: a newer word stays.</summary>
    public required int Changed { get; init; }
}

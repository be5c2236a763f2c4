using Wuts.Domain.Sending;

namespace Wuts.Domain.Compliance;

/// <summary>What a recipient wants of a tenant. The names are stored and shown (snake_case): never rename them.</summary>
public enum ConsentState
{
    /// <summary>Does not want to be written to.</summary>
    OptedOut,

    /// <summary>Agreed to be written to.</summary>
    OptedIn,
}

/// <summary>How we know. The names are stored and shown (snake_case): never rename them.</summary>
public enum ConsentSource
{
    /// <summary>The recipient wrote a keyword: see <see cref="ConsentKeywords"/>.</summary>
    Keyword,

    /// <summary>The tenant said so.</summary>
    Api,

    /// <summary>The tenant said so, in a list.</summary>
    Import,
}

/// <summary>The last word on whether a tenant may write to a recipient. There is none for who never said anything.</summary>
public sealed record Consent
{
    public required string TenantId { get; init; }

    /// <summary>The recipient: the JID of a user or a LID, see <see cref="Concerns"/>.</summary>
    public required string ChatJid { get; init; }

    public required ConsentState State { get; init; }

    public required ConsentSource Source { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Since when it has been so, as far as words came in order: saying the same again does not change it.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The device that heard it; <c>null</c> unless by keyword.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The keyword, or the tenant's note.</summary>
    public string? Detail { get; init; }

    /// <summary>
    /// Whether there can be consents for a chat: those with one person. What somebody writes in a group is no word on being written to,
    /// and newsletters are left by leaving.
    /// </summary>
    public static bool Concerns(string chatJid) =>
        chatJid.EndsWith("@" + Jid.UserServer, StringComparison.Ordinal) || chatJid.EndsWith("@" + Jid.LidServer, StringComparison.Ordinal);

    /// <summary>
    /// The consent after this change, or <c>this</c> when it is no news. Words come twice, late and out of order, so the newest counts;
    /// of two at the same instant (networks give seconds) it is the opt-out. Any order of the same words ends in the same state.
    /// </summary>
    public Consent Apply(Consent change) => change.IsNewsTo(this) ? change with { Since = change.State == State ? Since : change.Since } : this;

    private bool IsNewsTo(Consent known) =>
        At > known.At || (At == known.At && State == ConsentState.OptedOut && known.State == ConsentState.OptedIn);
}

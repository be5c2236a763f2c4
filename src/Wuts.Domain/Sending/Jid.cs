namespace Wuts.Domain.Sending;

/// <summary>Recipients: phone numbers and WhatsApp JIDs, brought to one form.</summary>
public static class Jid
{
    public const string UserServer = "s.whatsapp.net";
    public const string GroupServer = "g.us";
    public const string NewsletterServer = "newsletter";
    public const string LidServer = "lid";

    private const string RecipientHelp = "use 10 to 15 digits with the country code, or a full JID";

    /// <summary>
    /// Reads a recipient: a number (spaces, dashes, parentheses and a leading <c>+</c> are dropped; then 10 to 15 digits, the
    /// first not zero, as E.164 has it) or a JID of a user, group, newsletter or LID.
    /// </summary>
    /// <returns>The JID, or <c>null</c> with the reason in <paramref name="error"/>.</returns>
    public static string? ParseRecipient(string? value, out string? error)
    {
        error = null;
        if (string.IsNullOrWhiteSpace(value))
        {
            error = $"is required: {RecipientHelp}";
            return null;
        }

        var at = value.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            return ParsePhone(value, out error) is { } digits ? $"{digits}@{UserServer}" : null;
        }

        var local = value.AsSpan(0, at).Trim();
        var server = value.AsSpan(at + 1).Trim();
        switch (server)
        {
            case UserServer:
                return ParsePhone(local.ToString(), out error) is { } digits ? $"{digits}@{UserServer}" : null;
            case GroupServer when IsGroup(local):
            case NewsletterServer when IsDigits(local):
            case LidServer when IsDigits(local):
                return $"{local}@{server}";
            default:
                error = $"is not a JID this gateway can send to: {RecipientHelp} "
                    + $"(…@{UserServer}, …@{GroupServer}, …@{NewsletterServer}, …@{LidServer})";
                return null;
        }
    }

    /// <summary>Reads a phone number and returns its digits, or <c>null</c> with the reason.</summary>
    public static string? ParsePhone(string? value, out string? error)
    {
        error = null;
        var digits = new string([.. (value ?? string.Empty).Where(c => c is not (' ' or '-' or '(' or ')'))]);
        if (digits.StartsWith('+'))
        {
            digits = digits[1..];
        }

        if (digits.Length is < 10 or > 15 || !IsDigits(digits) || digits[0] == '0')
        {
            error = "must be 10 to 15 digits: country code and number, not starting with 0 "
                + "(spaces, dashes, parentheses and a leading + are ignored)";
            return null;
        }

        return digits;
    }

    public static string User(string phoneDigits) => $"{phoneDigits}@{UserServer}";

    public static bool IsGroup(string jid) => jid.EndsWith("@" + GroupServer, StringComparison.Ordinal);

    /// <summary>The digits of a user's JID; <c>null</c> for any other kind.</summary>
    public static string? PhoneOf(string? jid) =>
        jid is not null && jid.EndsWith("@" + UserServer, StringComparison.Ordinal) ? jid[..jid.IndexOf('@', StringComparison.Ordinal)] : null;

    private static bool IsDigits(ReadOnlySpan<char> value) => value.Length > 0 && value.IndexOfAnyExceptInRange('0', '9') < 0;

    // Old groups are {creator's number}-{unix time}; new ones are digits.
    private static bool IsGroup(ReadOnlySpan<char> local)
    {
        var dash = local.IndexOf('-');
        return dash < 0 ? IsDigits(local) : IsDigits(local[..dash]) && IsDigits(local[(dash + 1)..]);
    }
}

using System.Net;

namespace Wuts.Webhooks;

/// <summary>The rule for URLs that tenants give us: which of them can be told wrong without resolving the host.</summary>
public static class WebhookUrl
{
    public const int MaxLength = 2048;

    private const int HttpsPort = 443;

    /// <summary>
    /// Reads a URL as a tenant wrote it: absolute, <c>https</c>, on an allowed port, without user, password or fragment, and not
    /// on an address that is not public. <see cref="WebhookOptions.AllowPrivateTargets"/> lifts all but the form. A host's
    /// addresses are vetted when a connection is made, not here: they may change.
    /// </summary>
    /// <returns>The URL, or <c>null</c> with the reason in <paramref name="error"/>.</returns>
    public static Uri? Parse(string? value, WebhookOptions options, out string? error)
    {
        error = Refuse(value, options, out var url);
        return error is null ? url : null;
    }

    /// <summary>Why a URL may not be called, or <c>null</c>.</summary>
    internal static string? Refuse(Uri url, WebhookOptions options)
    {
        if (url.Scheme != Uri.UriSchemeHttps && !(options.AllowPrivateTargets && url.Scheme == Uri.UriSchemeHttp))
        {
            return options.AllowPrivateTargets ? "must be an http or https URL" : "must be an https URL";
        }

        if (url.UserInfo.Length > 0)
        {
            return "must not carry a user or password: use a header";
        }

        if (options.AllowPrivateTargets)
        {
            return null;
        }

        if (url.Port != HttpsPort && !options.AllowedPorts.Contains(url.Port))
        {
            return $"must use port {string.Join(" or ", options.AllowedPorts.Prepend(HttpsPort).Distinct())}";
        }

        var vetted = !url.IsLoopback && (!IPAddress.TryParse(url.IdnHost, out var address) || PublicAddress.Contains(address));
        return vetted ? null : "must not lead to a private address";
    }

    private static string? Refuse(string? value, WebhookOptions options, out Uri? url)
    {
        url = null;
        if (string.IsNullOrWhiteSpace(value))
        {
            return "is required";
        }

        if (value.Length > MaxLength)
        {
            return $"must be at most {MaxLength} characters";
        }

        if (!Uri.TryCreate(value, UriKind.Absolute, out url) || url.Host.Length == 0)
        {
            return "must be an absolute URL";
        }

        return value.Contains('#', StringComparison.Ordinal) ? "must not carry a fragment" : Refuse(url, options);
    }
}

using System.Buffers;

namespace Wuts.Webhooks;

/// <summary>The rule for headers that a tenant wants on its deliveries.</summary>
public static class WebhookHeaders
{
    public const int MaxCount = 32;
    public const int MaxNameLength = 128;
    public const int MaxValueLength = 2048;

    private const string ReservedPrefix = "webhook-";

    // RFC 9110, 5.6.2: the characters of a token.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Host would choose another site at the same address; the others belong to the connection (RFC 9110, 7.6.1) or to the framing.
    private static readonly string[] Reserved =
    [
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate",
        "Proxy-Authorization", "TE", "Trailer", "Upgrade", "Expect", "HTTP2-Settings",
    ];

    /// <summary>What is wrong with a tenant's headers, naming the header but never its value; <c>null</c> when all may be sent.</summary>
    public static string? FindError(IReadOnlyDictionary<string, string> headers)
    {
        if (headers.Count > MaxCount)
        {
            return $"must be at most {MaxCount} headers";
        }

        if (headers.Keys.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            return $"name {twice.Key} twice";
        }

        foreach (var (name, value) in headers)
        {
            if (!IsName(name))
            {
                return $"must have names of 1 to {MaxNameLength} letters, digits and dashes";
            }

            if (IsReserved(name))
            {
                return $"must not set {name}";
            }

            if (!IsValue(value))
            {
                return $"must give {name} a value of at most {MaxValueLength} printable ASCII characters";
            }
        }

        return null;
    }

    /// <summary>Whether one header may be sent.</summary>
    internal static bool MayBeSent(string name, string value) => IsName(name) && !IsReserved(name) && IsValue(value);

    private static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && !name.AsSpan().ContainsAnyExcept(Token);

    private static bool IsReserved(string name) =>
        name.StartsWith(ReservedPrefix, StringComparison.OrdinalIgnoreCase) || Reserved.Contains(name, StringComparer.OrdinalIgnoreCase);

    // Printable ASCII holds no line break, so a value can never become a second header.
    private static bool IsValue(string? value) => value is { Length: <= MaxValueLength } && !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}

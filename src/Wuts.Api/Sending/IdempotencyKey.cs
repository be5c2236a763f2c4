using System.Text;
using Microsoft.AspNetCore.Http;
using Wuts.Api.Errors;

namespace Wuts.Api.Sending;

/// <summary>The header <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header): a quoted string, or, leniently, bare.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int Longest = 255;

    /// <summary>The key of a request; <c>null</c> without one, or with the error of a bad one.</summary>
    public static string? Of(HttpRequest request, out ApiError? error)
    {
        error = null;
        if (!request.Headers.TryGetValue(Header, out var values) || values.Count == 0)
        {
            return null;
        }

        var key = values is [{ } value] ? Unquote(value.Trim()) : null;
        if (key is { Length: > 0 and <= Longest } && !key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return key;
        }

        error = ApiError.Invalid(Header, $"must be one value of 1 to {Longest} visible ASCII characters, bare or in double quotes");
        return null;
    }

    // RFC 9651, 4.2.5: in a quoted string a backslash escapes a quote or a backslash, and nothing else.
    private static string? Unquote(string value)
    {
        if (!value.StartsWith('"'))
        {
            return value;
        }

        if (value.Length < 2 || !value.EndsWith('"'))
        {
            return null;
        }

        var inner = value.AsSpan(1, value.Length - 2);
        var key = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length && inner[i + 1] is '"' or '\\')
            {
                i++;
            }
            else if (inner[i] is '"' or '\\')
            {
                return null;
            }

            key.Append(inner[i]);
        }

        return key.ToString();
    }
}

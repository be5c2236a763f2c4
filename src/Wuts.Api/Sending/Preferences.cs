using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Wuts.Api.Sending;

/// <summary>What a client prefers of the answer (RFC 7240). Preferences that we do not know, or cannot read, are ignored, as it has it.</summary>
/// <param name="RespondAsync">Answer at acceptance.</param>
/// <param name="Wait">How long to hold the answer at most.</param>
internal sealed record Preferences(bool RespondAsync, TimeSpan? Wait)
{
    private const int LongestWaitSeconds = 3600;

    public static Preferences Of(HttpRequest request)
    {
        var respondAsync = false;
        TimeSpan? wait = null;
        foreach (var header in request.Headers["Prefer"])
        {
            foreach (var preference in (header ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var token = preference.Split(';', 2)[0].Split('=', 2, StringSplitOptions.TrimEntries);
                if (token is [var name] && name.Equals("respond-async", StringComparison.OrdinalIgnoreCase))
                {
                    respondAsync = true;
                }
                else if (token is [var key, var value] && key.Equals("wait", StringComparison.OrdinalIgnoreCase)
                    && int.TryParse(value.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                {
                    wait ??= TimeSpan.FromSeconds(Math.Min(seconds, LongestWaitSeconds)); // the first one counts
                }
            }
        }

        return new(respondAsync, wait);
    }

    /// <summary>How long this client is kept waiting, given how long any is.</summary>
    public TimeSpan Patience(TimeSpan most)
    {
        var wanted = Wait ?? (RespondAsync ? TimeSpan.Zero : most);
        return wanted < most ? wanted : most;
    }
}

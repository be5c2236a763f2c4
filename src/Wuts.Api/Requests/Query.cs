using Microsoft.AspNetCore.Http;
using Wuts.Api.Errors;

namespace Wuts.Api.Requests;

/// <summary>Reads query parameters, so that a wrong one is a field error.</summary>
internal static class Query
{
    /// <summary>The parameter's value; <c>null</c> when it is absent or empty.</summary>
    public static string? Text(HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>The first of a parameter's names that is given. <c>?refresh</c> alone means true.</summary>
    public static bool? Flag(HttpRequest request, out ApiError? error, params ReadOnlySpan<string> names)
    {
        error = null;
        foreach (var name in names)
        {
            if (!request.Query.TryGetValue(name, out var values))
            {
                continue;
            }

            switch (values.ToString().ToLowerInvariant())
            {
                case "" or "true" or "1" or "yes":
                    return true;
                case "false" or "0" or "no":
                    return false;
                default:
                    error = ApiError.Invalid(name, "must be true or false");
                    return null;
            }
        }

        return null;
    }

    public static int? Integer(HttpRequest request, string name, int min, int max, out ApiError? error)
    {
        error = null;
        if (Text(request, name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, out var number) && number >= min && number <= max)
        {
            return number;
        }

        error = ApiError.Invalid(name, $"must be a whole number between {min} and {max}");
        return null;
    }
}

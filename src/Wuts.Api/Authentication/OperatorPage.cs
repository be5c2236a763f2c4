using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Wuts.Api.Authentication;

/// <summary>The page that asks an operator for the master token.</summary>
internal static class OperatorPage
{
    /// <summary>Whether the request is a person's with a browser, who can do more with a page than with an error in JSON.</summary>
    public static bool IsWanted(HttpRequest request) =>
        request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);

    /// <param name="target">The path to go to after it.</param>
    public static IResult Show(HttpContext http, int status, string target, string? problem = null)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        return Results.Content(Html(HtmlEncoder.Default.Encode(target), problem), "text/html; charset=utf-8", statusCode: status);
    }

    private static string Html(string target, string? problem) =>
        $$"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Wuts: sign in</title>
        <style>
          body { font: 1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 20vh auto; padding: 0 1rem; color: #1c2326; background: #fff }
          label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit }
          input, button { margin-top: .5rem; padding: .5rem; border: 1px solid #7a868c; border-radius: .25rem }
          button { background: #12564a; color: #fff; border-color: #12564a }
          .problem { color: #a1260d }
        </style>
        <h1>Wuts</h1>
        <form method="post" action="{{OperatorSignIn.Path}}/sign-in">
          <input type="hidden" name="to" value="{{target}}">
          <label for="token">Master token</label>
          <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
          {{(problem is null ? string.Empty : $"<p class=\"problem\" role=\"alert\">{problem}</p>")}}
          <button>Sign in</button>
        </form>
        </html>
        """;
}

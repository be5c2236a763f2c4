using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;

namespace Wuts.Server.Telemetry;

/// <summary>
/// Gives the spans of requests the name of their route and the outcome, around everything else in the process. The path itself is left
/// out: it may name a person's number.
/// </summary>
internal sealed class RequestSpans : IStartupFilter
{
    public const string PathTag = "url.path";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(Describe);
        next(app);
    };

    private static Task Describe(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
        {
            span.SetTag(PathTag, null);
            http.Response.OnStarting(() =>
            {
                Describe(span, http);
                return Task.CompletedTask;
            });
        }

        return next(http);
    }

    // By now the route is known, and the answer is as it leaves.
    private static void Describe(Activity span, HttpContext http)
    {
        var status = http.Response.StatusCode;
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} {route}";
        span.SetTag("http.request.method", http.Request.Method).SetTag("http.route", route).SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
        }
    }
}

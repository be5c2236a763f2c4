using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Wuts.Api.Calls;

namespace Wuts.Api.Errors;

/// <summary>
/// The outermost step: whatever goes wrong further in, and whatever the framework refuses with an empty body, leaves in the
/// standard envelope and without internals.
/// </summary>
internal sealed partial class ErrorBoundary(RequestDelegate next, ILogger<ErrorBoundary> logger)
{
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            http.Response.StatusCode = ClientClosedRequest; // nobody reads it; it keeps hang-ups out of the error figures
            return;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            var error = Describe(http, e);
            Clear(http.Response);
            await error.ExecuteAsync(http);
            return;
        }

        if (IsEmptyRefusal(http.Response))
        {
            await Describe(http).ExecuteAsync(http);
        }
    }

    // Keeps the headers: a 405 has its Allow.
    private static bool IsEmptyRefusal(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400 and < 600, ContentLength: null or 0 } && string.IsNullOrEmpty(response.ContentType);

    private static ApiError Describe(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => new(ErrorCodes.Unauthorized, "unauthorized"),
        StatusCodes.Status403Forbidden => new(ErrorCodes.Forbidden, "forbidden"),
        StatusCodes.Status404NotFound => new(ErrorCodes.NotFound, $"There is nothing at {Shorten(http.Request.Path)}."),
        StatusCodes.Status405MethodNotAllowed => new(ErrorCodes.MethodNotAllowed, $"{Shorten(http.Request.Path)} does not take {http.Request.Method}."),
        StatusCodes.Status408RequestTimeout => new(ErrorCodes.RequestTimeout, "The request did not arrive in time."),
        StatusCodes.Status413PayloadTooLarge => new(ErrorCodes.PayloadTooLarge, "The body is too large."),
        StatusCodes.Status415UnsupportedMediaType => new(ErrorCodes.UnsupportedMediaType, "The body must be sent with Content-Type: application/json."),
        StatusCodes.Status503ServiceUnavailable => new(ErrorCodes.ServiceUnavailable, "The service is not available now."),
        >= 500 => new(ErrorCodes.InternalError, "Something went wrong on our side.") { TraceId = TraceId(http) },
        var status => new(ErrorCodes.BadRequest with { Status = status }, "The request is not acceptable."),
    };

    private ApiError Describe(HttpContext http, Exception e)
    {
        if (e is BadHttpRequestException bad)
        {
            http.Response.StatusCode = bad.StatusCode;
            return Describe(http);
        }

        var traceId = TraceId(http);
        if (RepeatedCalls.IsOutage(e))
        {
            Log.Outage(logger, e, traceId);
            return new(ErrorCodes.ServiceUnavailable, "The service is not available now. Try again shortly.");
        }

        Log.Unhandled(logger, e, traceId);
        return new(ErrorCodes.InternalError, "Something went wrong on our side.") { TraceId = traceId };
    }

    private static void Clear(HttpResponse response)
    {
        response.Headers.Remove("Location");
        response.Headers.Remove("Preference-Applied");
    }

    private static string TraceId(HttpContext http) => Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;

    private static string Shorten(PathString path) => path.ToString() is { Length: > 100 } text ? text[..100] + "…" : path.ToString();
}

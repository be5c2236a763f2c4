using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Wuts.Api.Answers;

/// <summary>An answer in JSON, with its length, and with the headers that keep browsers and caches from doing anything clever with it.</summary>
internal sealed class JsonAnswer<T>(int status, T body, JsonTypeInfo<T> type) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
        }
    }
}

/// <summary>Shorthands for the usual statuses.</summary>
internal static class Answer
{
    public static IResult Ok<T>(T body, JsonTypeInfo<T> type) => new JsonAnswer<T>(StatusCodes.Status200OK, body, type);

    public static IResult Created<T>(T body, JsonTypeInfo<T> type) => new JsonAnswer<T>(StatusCodes.Status201Created, body, type);

    public static IResult Accepted<T>(T body, JsonTypeInfo<T> type) => new JsonAnswer<T>(StatusCodes.Status202Accepted, body, type);
}

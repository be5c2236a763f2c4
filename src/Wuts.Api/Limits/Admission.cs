using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;

namespace Wuts.Api.Limits;

/// <summary>
/// Keeps the number of requests under way bounded, those that are held for their dispatch included: one more is answered 503 at
/// once instead of filling the memory. Operators and health checks always get through.
/// </summary>
internal sealed class Admission(RequestDelegate next, IOptions<LimitOptions> options)
{
    private static readonly ApiError Full = new(ErrorCodes.ServiceUnavailable, "Too many requests are under way. Try again shortly.");

    private int _underWay;

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<RequiredAccess>() is not { Access: Access.Caller or Access.Admin })
        {
            await next(http);
            return;
        }

        try
        {
            await (Interlocked.Increment(ref _underWay) <= options.Value.ConcurrentRequests ? next(http) : Full.ExecuteAsync(http));
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Wuts.Api.Errors;

namespace Wuts.Api.Limits;

/// <summary>Answers 431 in the envelope to headers above the limit: see <see cref="KestrelLimits"/>.</summary>
internal sealed class HeaderLimit(RequestDelegate next, IOptions<LimitOptions> options)
{
    private const int Separators = 4; // ": " and the line's end

    public Task InvokeAsync(HttpContext http)
    {
        var left = options.Value.HeaderBytes;
        foreach (var (name, values) in http.Request.Headers)
        {
            foreach (var value in values)
            {
                left -= name.Length + (value?.Length ?? 0) + Separators;
            }
        }

        return left >= 0
            ? next(http)
            : new ApiError(ErrorCodes.HeadersTooLarge, $"The headers are larger than {options.Value.HeaderBytes} bytes.").ExecuteAsync(http);
    }
}

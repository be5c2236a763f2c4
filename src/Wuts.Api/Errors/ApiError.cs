using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Api.Answers;
using Wuts.Api.Telemetry;
using Wuts.Domain.Delivery;

namespace Wuts.Api.Errors;

/// <summary>A failure on its way to the client: a value like any other answer, written in the standard envelope.</summary>
/// <param name="Sentence">For people. Never a token, a secret or what broke inside.</param>
internal sealed record ApiError(ErrorKind Code, string Sentence) : IResult
{
    private static readonly TimeSpan ShortestRetryAfter = TimeSpan.FromSeconds(1);

    public ImmutableArray<FieldError> Validation { get; init; } = [];

    /// <summary>The message this is about, once there is or may be one.</summary>
    public string? MessageId { get; init; }

    /// <summary>When to come back; answers 429 and 503 always say it, and never less than a second.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>The limits that are used up, where that is why.</summary>
    public ImmutableArray<string> ViolatedPolicies { get; init; } = [];

    public string? TraceId { get; init; }

    public static ApiError Invalid(ImmutableArray<FieldError> errors) =>
        new(ErrorCodes.ValidationError, Describe(errors)) { Validation = errors };

    public static ApiError Invalid(string field, string message, JsonElement? value = null) => Invalid([new(field, message, value)]);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        ApiMetrics.Answered(Code);
        var clock = httpContext.RequestServices.GetRequiredService<TimeProvider>();
        if (Code.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            var wait = RetryAfter > ShortestRetryAfter ? RetryAfter.Value : ShortestRetryAfter;
            httpContext.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (Code.Status == StatusCodes.Status401Unauthorized)
        {
            httpContext.Response.Headers.WWWAuthenticate = "Bearer";
        }

        var envelope = new ErrorEnvelope
        {
            Error = Sentence,
            ErrorCode = Code.Name,
            Timestamp = clock.GetUtcNow(),
            Validation = Validation.IsEmpty ? null : Validation,
            MessageId = MessageId,
            Retryable = Code.Retryable,
            Failure = Failure is null ? null : FailureResource.Of(Failure),
            ViolatedPolicies = ViolatedPolicies.IsEmpty ? null : ViolatedPolicies,
            TraceId = TraceId,
        };
        return new JsonAnswer<ErrorEnvelope>(Code.Status, envelope, ApiJson.Wire.ErrorEnvelope).ExecuteAsync(httpContext);
    }

    private static string Describe(ImmutableArray<FieldError> errors) => errors is [var only]
        ? $"{only.Field} {only.Message}"
        : $"{errors.Length} fields are not acceptable: {string.Join(", ", errors.Select(e => e.Field))}";
}

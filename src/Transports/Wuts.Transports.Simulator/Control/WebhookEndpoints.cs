using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Wuts.Transports.Simulator.Control;

/// <summary>A webhook receiver to look into, for demonstrations and tests.</summary>
internal sealed class WebhookEndpoints(WebhookSink sink, Answer answer, TimeProvider clock)
{
    private const int MostEvents = 1000;
    private const int LongestDelay = 120_000;
    private const int LongestName = 64;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/webhooks/{name}", KeepAsync).AllowAnonymous().Produces(200).Produces<ErrorBody>(400).Produces<ErrorBody>(413).Produces<ErrorBody>(429)
            .WithName("ReceiveWebhook").WithSummary("Receives a webhook and keeps it")
            .WithDescription(
                "Keeps time, headers and the raw body, in memory: the last 10,000 of a name and 16 MB, for 100 names. A body may have 1 MB. "
                + "Answers 200, or what was set for this name.");
        routes.MapGet("/webhooks/{name}", Read).Produces<WebhooksBody>().Produces<ErrorBody>(400)
            .WithName("ListReceivedWebhooks").WithSummary("Lists the webhooks that came")
            .WithDescription($"Those numbered above `after` (default 0), up to `limit` (1 to {MostEvents}, default 100), oldest first.");
        routes.MapPut("/webhooks/{name}", AnswerWithAsync).Takes<WebhookAnswer>()
            .Produces<WebhookAnswerBody>().Produces<ErrorBody>(400).Produces<ErrorBody>(429)
            .WithName("ChangeWebhookAnswer").WithSummary("Changes how the receiver answers")
            .WithDescription($"`status` 200 to 599 (default 200) after `delay_ms` 0 to {LongestDelay} (default 0). Webhooks are kept all the same.");
    }

    private async Task<IResult> KeepAsync(string name, HttpRequest request)
    {
        if (RefuseName(name) is { } refusal)
        {
            return refusal;
        }

        if (await RequestBody.ReadBytesAsync(request) is not { } body)
        {
            return RequestBody.TooLarge(answer);
        }

        var headers = request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(", ", h.Value.ToArray()));
        if (sink.Keep(name, headers, Encoding.UTF8.GetString(body.Span)) is not { } how)
        {
            return TooManyNames();
        }

        if (how.DelayMs > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(how.DelayMs), clock, request.HttpContext.RequestAborted);
        }

        return TypedResults.StatusCode(how.Status);
    }

    private IResult Read(string name, long? after, int? limit)
    {
        if (limit is < 1 or > MostEvents)
        {
            return answer.Invalid(new FieldError("limit", $"must be 1 to {MostEvents}", limit));
        }

        var events = sink.Read(name, after ?? 0, limit ?? 100);
        var next = events.IsEmpty ? after ?? 0 : events[^1].Seq;
        return Answer.Ok(new WebhooksBody([.. events.Select(e => e with { Json = Parse(e.Body) })], next));
    }

    private async Task<IResult> AnswerWithAsync(string name, HttpRequest request)
    {
        if (RefuseName(name) is { } refusal)
        {
            return refusal;
        }

        var (how, invalid) = await RequestBody.ReadAsync<WebhookAnswer>(request, answer);
        if (how is null)
        {
            return invalid!;
        }

        if (how.Status is < 200 or > 599)
        {
            return answer.Invalid(new FieldError("status", "must be 200 to 599", how.Status));
        }

        if (how.DelayMs is < 0 or > LongestDelay)
        {
            return answer.Invalid(new FieldError("delay_ms", $"must be 0 to {LongestDelay}", how.DelayMs));
        }

        return sink.AnswerWith(name, how) ? Answer.Ok(new WebhookAnswerBody(how.Status, how.DelayMs)) : TooManyNames();
    }

    private JsonHttpResult<ErrorBody>? RefuseName(string name) =>
        name.Length <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? null
            : answer.Invalid(new FieldError("name", $"must be 1 to {LongestName} letters, digits, dashes, dots or underscores", name));

    private JsonHttpResult<ErrorBody> TooManyNames() => answer.Error(
        StatusCodes.Status429TooManyRequests, "TOO_MANY_NAMES", $"There are {WebhookSink.MostNames} names already; use one of them.");

    private static JsonElement? Parse(string body)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using Wuts.Domain.Webhooks;

namespace Wuts.Webhooks;

/// <summary>Posts one event to one endpoint, once.</summary>
public sealed class WebhookSender(GuardedHttpClient http, TimeProvider clock, WebhookMetrics metrics)
{
    private const string UserAgent = "Wuts-Webhooks/1.0";
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>
    /// Makes one attempt, within the endpoint's timeout. It never throws for what the receiver or the network did. Repeating it
    /// is the receiver's to notice: each attempt carries the same <c>webhook-id</c>.
    /// </summary>
    /// <param name="secret">The endpoint's secret; <c>null</c> sends no <c>webhook-signature</c>.</param>
    /// <exception cref="OperationCanceledException">
    /// The caller cancelled: whether the receiver took the event is unknown, and the attempt does not count.
    /// </exception>
    public async Task<WebhookAttempt> SendAsync(
        WebhookEndpoint endpoint, WebhookSecret? secret, WebhookEnvelope envelope, CancellationToken cancellationToken = default)
    {
        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(endpoint.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        WebhookAttempt attempt;
        try
        {
            using var request = CreateRequest(endpoint, secret, envelope);
            using var response = await http.SendAsync(request, either.Token);
            attempt = await ReadAsync(endpoint, response, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            attempt = NoAnswer(timeout.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"No answer within {endpoint.Timeout.TotalSeconds:0.###} seconds.")
                : "No connection in time.");
        }
        catch (Exception error) when (error is HttpRequestException or TargetRefusedException)
        {
            // The inner exception names the cause; the outer one only says that there was one.
            attempt = NoAnswer(ErrorText.Of(endpoint, (error.InnerException ?? error).Message));
        }

        attempt = attempt with { Duration = clock.GetElapsedTime(started) };
        metrics.Record(attempt);
        return attempt;
    }

    private static WebhookAttempt NoAnswer(string error) => new(WebhookVerdict.Failed, StatusCode: null, error, default);

    private HttpRequestMessage CreateRequest(WebhookEndpoint endpoint, WebhookSecret? secret, WebhookEnvelope envelope)
    {
        var content = new ReadOnlyMemoryContent(envelope.Body);
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = content };
        foreach (var (name, value) in endpoint.Headers)
        {
            // Stored headers were validated, but perhaps by an earlier rule.
            if (WebhookHeaders.MayBeSent(name, value) && !request.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (!content.Headers.NonValidated.Contains("Content-Type"))
        {
            content.Headers.ContentType = Json;
        }

        if (!request.Headers.NonValidated.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        }

        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        request.Headers.TryAddWithoutValidation("webhook-id", envelope.Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture));
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("webhook-signature", secret.SignAttempt(envelope.Id, now, envelope.Body.Span));
        }

        return request;
    }

    private async Task<WebhookAttempt> ReadAsync(WebhookEndpoint endpoint, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            return new(WebhookVerdict.Delivered, status, Error: null, default);
        }

        var body = await ErrorText.ReadAsync(response.Content, cancellationToken);
        return new(
            response.StatusCode == HttpStatusCode.Gone ? WebhookVerdict.Gone : WebhookVerdict.Failed,
            status,
            ErrorText.Of(endpoint, $"{status} {response.ReasonPhrase}: {body}"),
            default,
            RetryAfter(response));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
        {
            return null;
        }

        var wish = response.Headers.RetryAfter;
        var wait = wish?.Delta ?? (wish?.Date - clock.GetUtcNow());
        return wait > TimeSpan.Zero ? wait : null;
    }
}

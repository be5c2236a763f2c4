using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wuts.Transports.Simulator.Control;

namespace Wuts.Transports.Simulator.Remote;

/// <summary>A gateway's ear for a network in another process: events of one device a request, answered once they are durable.</summary>
internal sealed partial class EventEndpoints(IServiceProvider services, Answer answer, ILogger<EventEndpoints> logger)
{
    public const string Path = "simulator/events";

    // The largest batch of the longest texts, every character of them escaped.
    private const int LargestBody = 8 * 1024 * 1024;
    private const int RetryAfterSeconds = 1;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("", TakeAsync);

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var (body, refusal) = await RequestBody.ReadAsync(request, answer, WireJson.Of<EventsBody>(), LargestBody);
        if (body is null)
        {
            return refusal!;
        }

        var aborted = request.HttpContext.RequestAborted;
        try
        {
            await services.GetRequiredService<IDeviceEventSink>().HandleAsync(body.Device, body.Events, aborted);
            return TypedResults.NoContent();
        }
        catch (Exception e) when (!aborted.IsCancellationRequested)
        {
            Log.NotHandled(logger, e, body.Device, body.Events.Length);
            request.HttpContext.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
            return answer.Error(
                StatusCodes.Status503ServiceUnavailable, "SERVICE_UNAVAILABLE", "The events cannot be handled now: bring them again.");
        }
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Wuts.Transports.Simulator.Control;

/// <summary>The simulator's control API under <c>/simulator</c>.</summary>
public static class SimulatorEndpoints
{
    /// <summary>
    /// Maps the control API and the webhook sink, or nothing where <see cref="SimulatorRegistration.AddSimulator"/> added none.
    /// Where webhooks are sent to is open to everybody, since senders of webhooks do not sign in; the rest is as the host says.
    /// </summary>
    /// <returns>The control API, to which the host may add its own rules.</returns>
    public static RouteGroupBuilder MapSimulator(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/simulator").WithTags("Simulator");
        if (endpoints.ServiceProvider.GetService<SimulatedNetwork>() is not { } network)
        {
            return group;
        }

        var clock = endpoints.ServiceProvider.GetRequiredService<TimeProvider>();
        var answer = new Answer(clock);
        new PhoneEndpoints(network, answer).Map(group);
        new NetworkEndpoints(network, answer).Map(group);
        new WebhookEndpoints(endpoints.ServiceProvider.GetRequiredService<WebhookSink>(), answer, clock).Map(group);

        // Arguments in the path and query are bound by the framework, which knows nothing of our envelope.
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            if (endpoint.RequestDelegate is { } next)
            {
                endpoint.RequestDelegate = context => ExplainBadArgumentsAsync(context, next, answer);
            }
        });
        return group;
    }

    private static async Task ExplainBadArgumentsAsync(HttpContext context, RequestDelegate next, Answer answer)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status400BadRequest && !context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        if (context.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false, ContentLength: null })
        {
            await answer.Invalid(new FieldError("query", "has a value of the wrong type", context.Request.QueryString.Value)).ExecuteAsync(context);
        }
    }
}

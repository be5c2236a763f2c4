using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wuts.Transports.Simulator.Remote;

namespace Wuts.Transports.Simulator.Control;

/// <summary>The simulator's control API under <c>/simulator</c>.</summary>
public static class SimulatorEndpoints
{
    /// <summary>
    /// Maps the control API and the webhook sink, or nothing where there is no network in this process.
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
        new RulesEndpoints(network, answer).Map(group);
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

    /// <summary>
    /// Maps the network's side of the transport port, for silos in other processes. Maps nothing where there is no network in this
    /// process, or no <c>Wuts:Simulator:Token</c> to guard it.
    /// </summary>
    public static void MapSimulatorTransport(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<SimulatedNetwork>() is { } network && Guarded(endpoints, "simulator/transport") is var (group, answer))
        {
            new TransportEndpoints(network, answer).Map(group);
        }
    }

    /// <summary>
    /// Maps where a network in another process brings its events, for the host's <see cref="IDeviceEventSink"/>. Maps nothing where
    /// there is no <c>Wuts:Simulator:Token</c> to guard it.
    /// </summary>
    public static void MapSimulatorEvents(this IEndpointRouteBuilder endpoints)
    {
        if (Guarded(endpoints, EventEndpoints.Path) is var (group, answer))
        {
            var services = endpoints.ServiceProvider;
            new EventEndpoints(services, answer, services.GetRequiredService<ILogger<EventEndpoints>>()).Map(group);
        }
    }

    private static (RouteGroupBuilder Group, Answer Answer)? Guarded(IEndpointRouteBuilder endpoints, string path)
    {
        var services = endpoints.ServiceProvider;
        if (services.GetRequiredService<IOptions<SimulatorOptions>>().Value.Token is not { Length: > 0 } token)
        {
            return null;
        }

        var answer = new Answer(services.GetService<TimeProvider>() ?? TimeProvider.System);
        return (new SharedToken(token, answer).Guard(endpoints.MapGroup(path)), answer);
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

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Orleans;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Devices;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Api.Requests;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Webhooks;
using Wuts.Storage;
using Wuts.Webhooks;

namespace Wuts.Api.Webhooks;

/// <summary>Webhooks: one a device. Whoever may use the device may configure its webhook.</summary>
internal static class WebhookEndpoints
{
    private const int DefaultDeadLetters = 100;
    private const int MostDeadLetters = 1000;

    private static readonly ApiError NotFound = new(ErrorCodes.NotFound, "webhook not found: configure one with POST /webhook");

    private static readonly DocumentedParameter Limit = new(
        "limit", ParameterLocation.Query, JsonSchemaType.Integer, $"At most this many, 1 to {MostDeadLetters}. Default {DefaultDeadLetters}.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/webhook", Configure)
            .Documented(
                Access.Caller, "configureWebhook", "Webhooks", "Configure a device's webhook",
                "Creates the webhook of a device or replaces it as a whole: a field that is left out goes back to its default, and without "
                + "`secret` deliveries are not signed any more. It acts at once; events that wait are kept.")
            .Takes<WebhookRequest>()
            .Takes(Parameters.DeviceId, Parameters.DeviceHeader)
            .Answers<WebhookAnswer>(StatusCodes.Status200OK, "Configured.")
            .Fails(ErrorCodes.DeviceNotFound);
        routes.MapGet("/webhook", Read)
            .Documented(Access.Caller, "getWebhook", "Webhooks", "Read a device's webhook", "The secret is never shown; `has_secret` tells whether there is one.")
            .Takes(Parameters.DeviceId, Parameters.DeviceHeader)
            .Answers<WebhookAnswer>(StatusCodes.Status200OK, "The webhook.")
            .Fails(ErrorCodes.DeviceNotFound, ErrorCodes.NotFound);
        routes.MapDelete("/webhook", Remove)
            .Documented(Access.Caller, "deleteWebhook", "Webhooks", "Remove a device's webhook", "Removes the webhook with the events that wait for it.")
            .Takes(Parameters.DeviceId, Parameters.DeviceHeader)
            .Answers<DoneAnswer>(StatusCodes.Status200OK, "Removed.")
            .Fails(ErrorCodes.DeviceNotFound, ErrorCodes.NotFound);
        routes.MapGet("/webhook/events", () => Answer.Ok(new WebhookEventsAnswer { Events = WebhookEvents.All }, ApiJson.Wire.WebhookEventsAnswer))
            .Documented(
                Access.Caller, "getAvailableWebhookEvents", "Webhooks", "List event names",
                "The contract's 58, then ours. A subscription may name an event that nothing in this version causes.")
            .Answers<WebhookEventsAnswer>(StatusCodes.Status200OK, "The names.");
        routes.MapGet("/webhook/dead-letters", DeadLetters)
            .Documented(Access.Caller, "listDeadLetters", "Webhooks", "List undelivered events", "Events whose attempts ran out, newest first.")
            .Takes(Parameters.DeviceId, Parameters.DeviceHeader, Limit)
            .Answers<DeadLettersAnswer>(StatusCodes.Status200OK, "The events.")
            .Fails(ErrorCodes.ValidationError, ErrorCodes.DeviceNotFound, ErrorCodes.NotFound);
    }

    private static async Task<IResult> Configure(
        HttpContext http,
        JsonBody body,
        IGrainFactory grains,
        IWebhookStore webhooks,
        ISecretProtector protector,
        IOptions<WebhookOptions> options,
        TimeProvider clock)
    {
        var (request, error) = await body.ReadAsync(http, fields => WebhookConfiguration.Read(fields, options.Value));
        if (request is null)
        {
            return error!;
        }

        var (target, notFound) = await TargetDevice.FindAsync(http, grains, TargetDevice.Named(http.Request, request.DeviceId));
        if (target is null)
        {
            return notFound!;
        }

        var now = clock.GetUtcNow();
        var stored = await webhooks.PutAsync(new WebhookEndpoint
        {
            Id = $"wh_{Guid.NewGuid():N}", // a device that has one keeps its id
            TenantId = target.Key.TenantId,
            DeviceId = target.Key.DeviceId,
            UserId = http.GetCaller().User.Id,
            Url = request.Url,
            Events = request.Events,
            Enabled = request.Enabled,
            Retries = request.Retries,
            Timeout = request.Timeout,
            ProtectedSecret = request.Secret is null ? null : protector.Protect(request.Secret),
            Headers = request.Headers,
            CreatedAt = now,
            UpdatedAt = now,
        });
        await Grain(grains, stored).Reload();
        return Answer.Ok(
            new WebhookAnswer { Message = "Webhook configured successfully", Webhook = WebhookResource.Of(stored) }, ApiJson.Wire.WebhookAnswer);
    }

    private static async Task<IResult> Read(HttpContext http, IGrainFactory grains, IWebhookStore webhooks)
    {
        var (endpoint, error) = await FindAsync(http, grains, webhooks);
        return endpoint is null ? error! : Answer.Ok(new WebhookAnswer { Webhook = WebhookResource.Of(endpoint) }, ApiJson.Wire.WebhookAnswer);
    }

    private static async Task<IResult> Remove(HttpContext http, IGrainFactory grains, IWebhookStore webhooks)
    {
        var (endpoint, error) = await FindAsync(http, grains, webhooks);
        if (endpoint is null)
        {
            return error!;
        }

        await webhooks.DeleteAsync(endpoint.TenantId, endpoint.Id);
        await Grain(grains, endpoint).Reload();
        return Answer.Ok(new DoneAnswer { Message = "Webhook deleted successfully" }, ApiJson.Wire.DoneAnswer);
    }

    private static async Task<IResult> DeadLetters(HttpContext http, IGrainFactory grains, IWebhookStore webhooks)
    {
        var limit = Query.Integer(http.Request, "limit", 1, MostDeadLetters, out var invalid) ?? DefaultDeadLetters;
        if (invalid is not null)
        {
            return invalid;
        }

        var (endpoint, error) = await FindAsync(http, grains, webhooks);
        if (endpoint is null)
        {
            return error!;
        }

        var letters = await webhooks.ListDeadLettersAsync(endpoint.TenantId, endpoint.Id, limit, http.RequestAborted);
        return Answer.Ok(new DeadLettersAnswer { DeadLetters = [.. letters.Select(DeadLetterResource.Of)] }, ApiJson.Wire.DeadLettersAnswer);
    }

    private static async Task<(WebhookEndpoint? Endpoint, ApiError? Error)> FindAsync(HttpContext http, IGrainFactory grains, IWebhookStore webhooks)
    {
        var (target, error) = await TargetDevice.FindAsync(http, grains, TargetDevice.Named(http.Request));
        if (target is null)
        {
            return (null, error);
        }

        var endpoint = await webhooks.FindByDeviceAsync(target.Key.TenantId, target.Key.DeviceId, http.RequestAborted);
        return endpoint is null ? (null, NotFound) : (endpoint, null);
    }

    private static IWebhookEndpointGrain Grain(IGrainFactory grains, WebhookEndpoint endpoint) =>
        grains.GetGrain<IWebhookEndpointGrain>(new EndpointKey(endpoint.TenantId, endpoint.Id).ToString());
}

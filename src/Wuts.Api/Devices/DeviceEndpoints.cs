using System.Collections.Immutable;
using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Orleans;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Calls;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Api.Requests;
using Wuts.Domain.Devices;
using Wuts.Domain.Quotas;
using Wuts.Domain.Tenants;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Grains.Tenants;
using Wuts.Storage;

namespace Wuts.Api.Devices;

/// <summary>A tenant's devices.</summary>
internal static class DeviceEndpoints
{
    private static readonly DocumentedParameter Purge = new(
        "purge", ParameterLocation.Query, JsonSchemaType.Boolean,
        "Remove the device for good instead of disconnecting it. Messages that wait fail; sent ones stay readable.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/devices", Create)
            .Documented(
                Access.Caller, "createDevice", "Devices", "Create a device",
                "Creates a device of the caller, to be paired with `GET /qr` or `POST /paircode`. "
                + "A webhook that waits for the user's next device is configured on it, with all events.")
            .Takes<CreateDeviceRequest>()
            .Answers<CreateDeviceAnswer>(StatusCodes.Status201Created, "Created.")
            .Fails(ErrorCodes.DeviceLimit);
        routes.MapGet("/devices", List)
            .Documented(
                Access.Caller, "listDevices", "Devices", "List devices",
                "The devices that the caller may use, oldest first: a user's own, a manager's and an admin's whole tenant.")
            .Answers<DevicesAnswer>(StatusCodes.Status200OK, "The devices.");
        routes.MapDelete("/devices/{id}", Delete)
            .Documented(
                Access.Caller, "disconnectDevice", "Devices", "Disconnect or remove a device",
                "Closes the device's link and keeps its pairing, as `POST /disconnect` does. With `purge=true` it removes the device.")
            .Takes(Purge)
            .Answers<DoneAnswer>(StatusCodes.Status200OK, "Disconnected, or removed.")
            .Fails(ErrorCodes.ValidationError, ErrorCodes.DeviceNotFound, ErrorCodes.DeviceError);
    }

    private static async Task<IResult> Create(
        HttpContext http,
        JsonBody body,
        IDeviceStore devices,
        ITenantStore tenants,
        IWebhookStore webhooks,
        IGrainFactory grains,
        RepeatedCalls calls,
        IOptions<DeviceOptions> options,
        TimeProvider clock)
    {
        var (request, error) = await body.ReadAsync(http, fields => new CreateDeviceRequest { Name = fields.Name("name") });
        if (request is null)
        {
            return error!;
        }

        var user = http.GetCaller().User;
        var now = clock.GetUtcNow();
        var device = new Device
        {
            TenantId = user.TenantId,
            Id = Guid.NewGuid().ToString(),
            UserId = user.Id,
            Name = request.Name,
            Transport = options.Value.DefaultTransport,
            Epoch = 0,
            Session = DeviceSession.New(now),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var limits = await calls.RepeatAsync(grains.GetGrain<ITenantGrain>(user.TenantId).GetLimits);
        if (limits?.Effective.Devices is not { } most)
        {
            await devices.CreateAsync(device);
        }
        else if (!await devices.CreateWithinAsync(device, most))
        {
            return new ApiError(ErrorCodes.DeviceLimit, $"Your tenant may have {most} devices, and has them. Remove one, or have the limit (devices) raised.")
            {
                ViolatedPolicies = [QuotaPolicies.Devices],
            };
        }

        var webhook = await tenants.TakePendingWebhookAsync(user.TenantId, user.Id);
        if (webhook is not null)
        {
            await webhooks.PutAsync(ForAllEvents(device, webhook));
        }

        await OwnerTokens.ForgetAsync(user, device.UserId, grains, tenants);
        var answer = new CreateDeviceAnswer
        {
            Device = DeviceResource.Of(device, webhook),
            Message = "Device created successfully",
            Data = new(device.Id, device.Name),
        };
        return Answer.Created(answer, ApiJson.Wire.CreateDeviceAnswer);
    }

    private static async Task<IResult> List(HttpContext http, IDeviceStore devices, IWebhookStore webhooks)
    {
        var user = http.GetCaller().User;
        var mine = await devices.ListAsync(user.TenantId, user.Role == Role.User ? user.Id : null, http.RequestAborted);
        var answers = ImmutableArray.CreateBuilder<DeviceResource>(mine.Length);
        foreach (var device in mine)
        {
            var endpoint = await webhooks.FindByDeviceAsync(user.TenantId, device.Id, http.RequestAborted);
            answers.Add(DeviceResource.Of(device, endpoint?.Url));
        }

        return Answer.Ok(new DevicesAnswer { Devices = answers.MoveToImmutable() }, ApiJson.Wire.DevicesAnswer);
    }

    private static async Task<IResult> Delete(
        HttpContext http, [Description("The device's id.")] string id, IGrainFactory grains, ITenantStore tenants)
    {
        var purge = Query.Flag(http.Request, out var error, "purge");
        if (error is not null)
        {
            return error;
        }

        var (target, notFound) = await TargetDevice.FindAsync(http, grains, id);
        if (target is null)
        {
            return notFound!;
        }

        var answer = purge == true ? await target.Grain.Purge() : await target.Grain.Disconnect();
        await OwnerTokens.ForgetAsync(http.GetCaller().User, target.Snapshot.Device.UserId, grains, tenants);
        return answer.Result switch
        {
            LinkResult.NoSuchDevice => TargetDevice.NotFound,
            LinkResult.Failed => new ApiError(ErrorCodes.DeviceError, answer.Reason ?? "failed to disconnect device"),
            _ => Answer.Ok(new DoneAnswer { Message = purge == true ? "Device removed" : "Device disconnected" }, ApiJson.Wire.DoneAnswer),
        };
    }

    private static WebhookEndpoint ForAllEvents(Device device, Uri url) => new()
    {
        Id = $"wh_{Guid.NewGuid():N}",
        TenantId = device.TenantId,
        DeviceId = device.Id,
        UserId = device.UserId,
        Url = url,
        Events = WebhookEvents.All,
        Enabled = true,
        Timeout = TimeSpan.FromSeconds(WebhookEndpoint.DefaultTimeoutSeconds),
        Headers = ImmutableDictionary<string, string>.Empty,
        CreatedAt = device.CreatedAt,
        UpdatedAt = device.CreatedAt,
    };
}

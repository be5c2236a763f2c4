using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Devices;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Api.Requests;
using Wuts.Domain.Pacing;
using Wuts.Grains.Pacing;

namespace Wuts.Api.Pacing;

/// <summary>A number's health and its warm-up.</summary>
internal static class DeviceHealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/devices/{id}/health", Health)
            .Documented(
                Access.Caller, "getDeviceHealth", "Devices", "Read a number's health",
                "Its score and what it is made of, how fast it sends and what changed that, restrictions, and how far its warm-up is. "
                + "`device.quality` tells a webhook when the rating changes, or the score crosses 80 or 50.")
            .Answers<DeviceHealthAnswer>(StatusCodes.Status200OK, "The health.")
            .Fails(ErrorCodes.DeviceNotFound);
        routes.MapGet("/devices/{id}/warm-up", WarmUp)
            .Documented(
                Access.Caller, "getDeviceWarmUp", "Devices", "Read a number's warm-up",
                "How many people that are new to the number it may write to today, how many are planned for which days, and when there is no limit any more.")
            .Answers<WarmUpAnswer>(StatusCodes.Status200OK, "The warm-up.")
            .Fails(ErrorCodes.DeviceNotFound);
        routes.MapPut("/devices/{id}/warm-up", ChangeWarmUp)
            .Documented(
                Access.Caller, "putDeviceWarmUp", "Devices", "Change a number's warm-up",
                "Replaces what was set before; what is left out is as configured. Messages that wait for a day are planned anew, in their order.")
            .Takes<WarmUpRequest>()
            .Answers<WarmUpAnswer>(StatusCodes.Status200OK, "The warm-up as it is now.")
            .Fails(ErrorCodes.DeviceNotFound);
    }

    private static async Task<IResult> Health(HttpContext http, [Description("The device's id.")] string id, IGrainFactory grains)
    {
        var (health, error) = await FindAsync(http, id, grains);
        return health is null ? error! : Answer.Ok(DeviceHealthAnswer.Of(health), ApiJson.Wire.DeviceHealthAnswer);
    }

    private static async Task<IResult> WarmUp(HttpContext http, [Description("The device's id.")] string id, IGrainFactory grains)
    {
        var (health, error) = await FindAsync(http, id, grains);
        return health is null ? error! : Describe(health);
    }

    private static async Task<IResult> ChangeWarmUp(
        HttpContext http, JsonBody body, [Description("The device's id.")] string id, IGrainFactory grains, TimeProvider clock)
    {
        var (target, error) = await TargetDevice.FindAsync(http, grains, id);
        if (target is null)
        {
            return error!;
        }

        var (request, invalid) = await body.ReadAsync(http, fields => new WarmUpRequest
        {
            Enabled = fields.Flag("enabled"),
            StartedAt = fields.Time("started_at", latest: clock.GetUtcNow()),
            Schedule = fields.Integers("schedule", 1, WarmUpSchedules.MaxPerDay, WarmUpSchedules.MaxDays),
        });
        if (request is null)
        {
            return invalid!;
        }

        return await target.Grain.SetWarmUp(request.ToSettings()) is { } health ? Describe(health) : TargetDevice.NotFound;
    }

    private static IResult Describe(DeviceHealthSnapshot health) => Answer.Ok(
        new WarmUpAnswer { DeviceId = health.Device.Id, WarmUp = WarmUpResource.Of(health.WarmUp) }, ApiJson.Wire.WarmUpAnswer);

    private static async Task<(DeviceHealthSnapshot? Health, ApiError? Error)> FindAsync(HttpContext http, string id, IGrainFactory grains)
    {
        var (target, error) = await TargetDevice.FindAsync(http, grains, id);
        return target is null ? (null, error)
            : await target.Grain.GetHealth() is { } health ? (health, null)
            : (null, TargetDevice.NotFound);
    }
}

using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;

namespace Wuts.Api.Devices;

/// <summary>What a device's queue waits for.</summary>
internal static class QueueEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/devices/{id}/queue", Read)
            .Documented(
                Access.Caller, "getDeviceQueue", "Devices", "Read what a device's queue waits for",
                "The messages that have not left, counted by lane, by category, and by what they wait for. `GET /messages/{id}` tells it of one message.")
            .Answers<DataAnswer<DeviceQueue>>(StatusCodes.Status200OK, "The queue.")
            .Fails(ErrorCodes.DeviceNotFound);

    private static async Task<IResult> Read(HttpContext http, [Description("The device's id.")] string id, IGrainFactory grains)
    {
        var (target, error) = await TargetDevice.FindAsync(http, grains, id);
        if (target is null)
        {
            return error!;
        }

        return await target.Grain.ExplainQueue() is { } report
            ? Answer.Ok(new DataAnswer<DeviceQueue> { Data = DeviceQueue.Of(target.Key.DeviceId, report) }, ApiJson.Wire.DataAnswerDeviceQueue)
            : TargetDevice.NotFound;
    }
}

using System.Buffers;
using Microsoft.AspNetCore.Http;
using Orleans;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;
using Wuts.Api.Requests;
using Wuts.Domain.Devices;
using Wuts.Grains.Devices;
using Wuts.Grains.Tenants;

namespace Wuts.Api.Devices;

/// <summary>Which device a request means: the query's, else the body's, else the header's, else the caller's default.</summary>
internal static class TargetDevice
{
    public static readonly ApiError NotFound = new(ErrorCodes.DeviceNotFound, "device not found");

    private const int LongestId = 64;

    private static readonly ApiError None =
        new(ErrorCodes.DeviceNotFound, "You have no device yet: create one with POST /devices and pair it with GET /qr or POST /paircode.");

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The device that the request names; <c>null</c> when it leaves the choice to us.</summary>
    public static string? Named(HttpRequest request, string? body = null) =>
        Query.Text(request, "device_id")
        ?? (string.IsNullOrEmpty(body) ? null : body)
        ?? (request.Headers["X-Device-Id"] is [{ Length: > 0 } header, ..] ? header : null);

    /// <summary>The key of the device meant, in the caller's own tenant; whether it exists is for its grain to say.</summary>
    public static (DeviceKey? Key, ApiError? Error) Choose(Caller caller, string? named)
    {
        if ((named ?? caller.DefaultDeviceId) is not { } id)
        {
            return (null, None);
        }

        // No device ever had another kind of id, and such text has no business in a grain key or a database.
        var possible = id.Length is > 0 and <= LongestId && !id.AsSpan().ContainsAnyExcept(IdCharacters);
        return possible ? (new(caller.TenantId, id), null) : (null, NotFound);
    }

    /// <summary>The device meant, if the caller may use it. A device of somebody else is the same as none.</summary>
    public static async Task<(DeviceTarget? Target, ApiError? Error)> FindAsync(HttpContext http, IGrainFactory grains, string? named)
    {
        var caller = http.GetCaller();
        var (key, error) = Choose(caller, named);
        if (key is null)
        {
            return (null, error);
        }

        var grain = grains.GetGrain<IDeviceGrain>(key.ToString());
        var snapshot = await grain.GetSnapshot();
        return snapshot is not null && caller.User.MayUseDeviceOf(snapshot.Device.UserId)
            ? (new(key, grain, snapshot), null)
            : (null, NotFound);
    }
}

/// <summary>A device that the caller may use.</summary>
internal sealed record DeviceTarget(DeviceKey Key, IDeviceGrain Grain, DeviceSnapshot Snapshot);

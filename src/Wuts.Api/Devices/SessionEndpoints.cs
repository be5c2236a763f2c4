using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Storage;

namespace Wuts.Api.Devices;

/// <summary>A device's link: its state, and connecting, disconnecting and logging out.</summary>
internal static class SessionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", Status)
            .Documented(Access.Caller, "checkSessionStatus", "Sessions", "Read a device's state", "Always 200 for a device that exists, whatever its state.")
            .Takes(Parameters.DeviceId, Parameters.DeviceHeader)
            .Answers<DataAnswer<DeviceStatus>>(StatusCodes.Status200OK, "The state.")
            .Fails(ErrorCodes.DeviceNotFound);
        routes.MapPost("/connect", Connect)
            .Documented(
                Access.Caller, "connectSession", "Sessions", "Connect a paired device",
                "Links a paired device without a QR code. Harmless when it is linked. A device without a pairing answers `needs_qr: true`.")
            .Takes(Parameters.DeviceId, Parameters.DeviceHeader)
            .Answers<DataAnswer<ConnectResult>>(StatusCodes.Status200OK, "Connected, or `needs_qr`.")
            .Fails(ErrorCodes.DeviceNotFound, ErrorCodes.DeviceError);
        routes.MapPost("/disconnect", Disconnect)
            .Documented(
                Access.Caller, "disconnectSession", "Sessions", "Disconnect a device",
                "Closes the link and keeps the pairing. Queued messages wait. Harmless when there is no link.")
            .Takes(Parameters.DeviceId, Parameters.DeviceHeader)
            .Answers<DataAnswer<LinkResultData>>(StatusCodes.Status200OK, "Disconnected.")
            .Fails(ErrorCodes.DeviceNotFound, ErrorCodes.DeviceError);
        routes.MapPost("/logout", Logout)
            .Documented(
                Access.Caller, "logoutInstance", "Sessions", "Remove a device's pairing",
                "Removes the pairing here and at WhatsApp, so that the device must be paired again. Needs a live link.")
            .Takes(Parameters.DeviceId, Parameters.DeviceHeader)
            .Answers<DataAnswer<LinkResultData>>(StatusCodes.Status200OK, "Logged out.")
            .Fails(ErrorCodes.DeviceNotFound, ErrorCodes.DeviceError, ErrorCodes.DeviceNotReady);
    }

    private static async Task<IResult> Status(HttpContext http, IGrainFactory grains)
    {
        var (target, error) = await TargetDevice.FindAsync(http, grains, TargetDevice.Named(http.Request));
        if (target is null)
        {
            return error!;
        }

        var session = target.Snapshot.Device.Session;
        var status = new DeviceStatus
        {
            Connected = session.IsConnected,
            Status = StoredName.Of(session.State),
            DeviceId = target.Key.DeviceId,
            Jid = session.Jid,
            PhoneNumber = Jid.PhoneOf(session.Jid),
            IsLoggedIn = session.IsPaired,
            LastSeen = session.LastSeenAt,
            QueueDepth = target.Snapshot.Waiting,
            Reason = session.IsConnected ? null : session.Reason,
        };
        return Answer.Ok(new DataAnswer<DeviceStatus> { Data = status }, ApiJson.Wire.DataAnswerDeviceStatus);
    }

    private static async Task<IResult> Connect(HttpContext http, IGrainFactory grains, ITenantStore tenants)
    {
        var (target, error) = await TargetDevice.FindAsync(http, grains, TargetDevice.Named(http.Request));
        if (target is null)
        {
            return error!;
        }

        var answer = await target.Grain.Connect();
        if (answer.Result == LinkResult.Done)
        {
            await OwnerTokens.ForgetAsync(http.GetCaller().User, target.Snapshot.Device.UserId, grains, tenants);
        }

        return answer.Result switch
        {
            LinkResult.Done => Connected(new(StoredName.Of(DeviceState.Connected), target.Key.DeviceId, NeedsQr: false)),
            LinkResult.NeedsPairing => Connected(new(StoredName.Of(target.Snapshot.Device.Session.State), target.Key.DeviceId, NeedsQr: true)),
            LinkResult.NoSuchDevice => TargetDevice.NotFound,
            _ => new ApiError(ErrorCodes.DeviceError, $"reconnect failed{Because(answer.Reason)}"),
        };
    }

    private static async Task<IResult> Disconnect(HttpContext http, IGrainFactory grains)
    {
        var (target, error) = await TargetDevice.FindAsync(http, grains, TargetDevice.Named(http.Request));
        if (target is null)
        {
            return error!;
        }

        var answer = await target.Grain.Disconnect();
        return answer.Result switch
        {
            LinkResult.NoSuchDevice => TargetDevice.NotFound,
            LinkResult.Failed => new ApiError(ErrorCodes.DeviceError, $"failed to disconnect device{Because(answer.Reason)}"),
            _ => Done("device disconnected successfully", target.Key),
        };
    }

    private static async Task<IResult> Logout(HttpContext http, IGrainFactory grains)
    {
        var (target, error) = await TargetDevice.FindAsync(http, grains, TargetDevice.Named(http.Request));
        if (target is null)
        {
            return error!;
        }

        if (!target.Snapshot.Device.Session.IsConnected)
        {
            return new ApiError(ErrorCodes.DeviceNotReady, "WhatsApp session is not connected: logging out needs a live link. Connect the device first.");
        }

        var answer = await target.Grain.Logout();
        return answer.Result switch
        {
            LinkResult.Done => Done("device logged out successfully", target.Key),
            LinkResult.NoSuchDevice => TargetDevice.NotFound,
            _ => new ApiError(ErrorCodes.DeviceError, $"failed to log out device{Because(answer.Reason)}"),
        };
    }

    private static IResult Connected(ConnectResult result) =>
        Answer.Ok(new DataAnswer<ConnectResult> { Data = result }, ApiJson.Wire.DataAnswerConnectResult);

    private static IResult Done(string message, DeviceKey device) =>
        Answer.Ok(new DataAnswer<LinkResultData> { Data = new(message, device.DeviceId) }, ApiJson.Wire.DataAnswerLinkResultData);

    private static string Because(string? reason) => string.IsNullOrEmpty(reason) ? string.Empty : $": {reason}";
}

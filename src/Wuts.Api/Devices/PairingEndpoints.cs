using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using QRCoder;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Api.Requests;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Api.Devices;

/// <summary>Pairing a device with a phone, by QR code or by pair code.</summary>
internal static class PairingEndpoints
{
    private const int PixelsPerModule = 8;

    private static readonly ApiError AlreadyConnected = new(ErrorCodes.AlreadyConnected, "already connected: log the device out first to pair it again");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/qr", Qr)
            .Documented(
                Access.Caller, "generateSessionQrCode", "Pairing", "Get a QR code",
                "A QR code for a device that is not paired. The last one is given again while it is valid.")
            .Takes(Parameters.DeviceId, Parameters.DeviceHeader, Parameters.ReuseCache, Parameters.Refresh)
            .Answers<DataAnswer<QrCode>>(StatusCodes.Status200OK, "The code.")
            .Fails(ErrorCodes.ValidationError, ErrorCodes.AlreadyConnected, ErrorCodes.DeviceNotFound, ErrorCodes.QrTimeout);
        routes.MapGet("/qr/status", QrStatus)
            .Documented(Access.Caller, "getSessionQrStatus", "Pairing", "Ask for a QR code's state", "Whether the device has a QR code that can be scanned now.")
            .Takes(Parameters.RequiredDeviceId)
            .Answers<DataAnswer<QrState>>(StatusCodes.Status200OK, "The state.")
            .Fails(ErrorCodes.ValidationError, ErrorCodes.DeviceNotFound);
        routes.MapPost("/paircode", RequestPairCode)
            .Documented(Access.Caller, "generateSessionPairCode", "Pairing", "Get a pair code", "A code to enter on the phone with this number.")
            .Takes<PairCodeRequest>()
            .Takes(Parameters.DeviceId, Parameters.DeviceHeader, Parameters.Refresh)
            .Answers<DataAnswer<PairCode>>(StatusCodes.Status200OK, "The code.")
            .Fails(ErrorCodes.AlreadyConnected, ErrorCodes.DeviceNotFound, ErrorCodes.Timeout);
    }

    private static async Task<IResult> Qr(HttpContext http, IGrainFactory grains)
    {
        var refresh = WantsRefresh(http.Request, out var invalid);
        if (invalid is not null)
        {
            return invalid;
        }

        var (target, error) = await TargetDevice.FindAsync(http, grains, TargetDevice.Named(http.Request));
        if (target is null)
        {
            return error!;
        }

        return await target.Grain.RequestQr(refresh) switch
        {
            PairingAnswer.Code code => Answer.Ok(new DataAnswer<QrCode> { Data = Draw(code) }, ApiJson.Wire.DataAnswerQrCode),
            PairingAnswer.AlreadyPaired => AlreadyConnected,
            PairingAnswer.TimedOut => new ApiError(ErrorCodes.QrTimeout, "timeout waiting for QR code"),
            _ => TargetDevice.NotFound,
        };
    }

    private static async Task<IResult> QrStatus(HttpContext http, IGrainFactory grains)
    {
        if (Query.Text(http.Request, "device_id") is not { } id)
        {
            return new ApiError(ErrorCodes.ValidationError, "device_id is required") { Validation = [new("device_id", "is required")] };
        }

        var (target, error) = await TargetDevice.FindAsync(http, grains, id);
        if (target is null)
        {
            return error!;
        }

        var generatedAt = target.Snapshot.QrGeneratedAt;
        return Answer.Ok(new DataAnswer<QrState> { Data = new(generatedAt is not null, generatedAt) }, ApiJson.Wire.DataAnswerQrState);
    }

    private static async Task<IResult> RequestPairCode(HttpContext http, JsonBody body, IGrainFactory grains, TimeProvider clock)
    {
        var refreshAsked = WantsRefresh(http.Request, out var invalid);
        if (invalid is not null)
        {
            return invalid;
        }

        var (request, error) = await body.ReadAsync(http, ReadPairCodeRequest);
        if (request is null)
        {
            return error!;
        }

        var (target, notFound) = await TargetDevice.FindAsync(http, grains, TargetDevice.Named(http.Request, request.DeviceId));
        if (target is null)
        {
            return notFound!;
        }

        return await target.Grain.RequestPairCode(request.Phone, refreshAsked || request.ReuseCache == false) switch
        {
            PairingAnswer.Code code => Answer.Ok(
                new DataAnswer<PairCode> { Data = Describe(code, request.Phone, clock.GetUtcNow()) }, ApiJson.Wire.DataAnswerPairCode),
            PairingAnswer.AlreadyPaired => AlreadyConnected,
            PairingAnswer.TimedOut => new ApiError(ErrorCodes.Timeout, "failed to generate pair code: timeout waiting for WhatsApp"),
            _ => TargetDevice.NotFound,
        };
    }

    private static PairCodeRequest ReadPairCodeRequest(Fields fields)
    {
        var phone = fields.Text("phone", required: true, max: 64);
        var digits = phone is null ? null : Jid.ParsePhone(phone, out _);
        if (phone is not null && digits is null)
        {
            fields.Refuse("phone", "invalid phone number format: use 10 to 15 digits with the country code", phone);
        }

        return new() { Phone = digits ?? string.Empty, DeviceId = fields.Text("device_id", min: 0), ReuseCache = fields.Flag("reuse_cache") };
    }

    private static bool WantsRefresh(HttpRequest request, out ApiError? error)
    {
        var refresh = Query.Flag(request, out error, "refresh", "force_refresh", "force_new");
        var reuse = error is null ? Query.Flag(request, out error, "reuse_cache", "reuse", "use_cache", "cached") : null;
        return refresh ?? reuse == false;
    }

    private static QrCode Draw(PairingAnswer.Code code)
    {
        using var data = QRCodeGenerator.GenerateQrCode(code.Value, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(data);
        return new()
        {
            Text = code.Value,
            Image = "data:image/png;base64," + Convert.ToBase64String(png.GetGraphic(PixelsPerModule)),
            Cached = code.Cached,
            ExpiresAt = code.ExpiresAt,
            Ttl = (int)Math.Round((code.ExpiresAt - code.GeneratedAt).TotalSeconds),
        };
    }

    private static PairCode Describe(PairingAnswer.Code code, string phone, DateTimeOffset now) => new()
    {
        Code = code.Value,
        Phone = phone,
        ExpiresIn = Math.Max(0, (int)Math.Ceiling((code.ExpiresAt - now).TotalSeconds)),
        Cached = code.Cached,
        Instructions = $"Abra o WhatsApp no telefone, toque em Aparelhos conectados > Conectar um aparelho > Conectar com número de telefone e digite o código {code.Value}.",
    };
}

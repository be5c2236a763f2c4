using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Orleans;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Calls;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Api.Requests;
using Wuts.Domain.Quotas;
using Wuts.Grains.Devices;
using Wuts.Grains.Tenants;
using Wuts.Storage;

namespace Wuts.Api.Quotas;

/// <summary>What tenants may use, for the operator to set, and for themselves to see.</summary>
internal static partial class LimitEndpoints
{
    private const int Concurrency = 32;

    private const string PutDescription = """
        Replaces what was set for a tenant: its tier, and limits of its own that win over the tier's. What is null or left out is the tier's, and
        without a tier there is no limit. It counts from when this is answered; what was used today stays used.
        The rate is a sliding window: at most `burst` messages in any `burst / messages_per_second` seconds, wherever they begin.
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/tenants/{id}/limits", Put)
            .Documented(Access.Operator, "putTenantLimits", "Tenants", "Set a tenant's limits", PutDescription)
            .Takes<LimitRequest>()
            .Answers<LimitsAnswerBody>(StatusCodes.Status200OK, "The limits that count now.")
            .Fails(ErrorCodes.NotFound);
        routes.MapGet("/tenants/{id}/limits", Get)
            .Documented(Access.Operator, "getTenantLimits", "Tenants", "Show a tenant's limits", "The limits that count, each with where it comes from.")
            .Answers<LimitsAnswerBody>(StatusCodes.Status200OK, "The limits.")
            .Fails(ErrorCodes.NotFound);
        routes.MapGet("/limits", GetOwn)
            .Documented(Access.Caller, "getLimits", "Limits", "Show your limits", "What your tenant may use: each limit with where it comes from. By default there are none.")
            .Answers<LimitsAnswerBody>(StatusCodes.Status200OK, "The limits.");
        routes.MapGet("/usage", GetUsage)
            .Documented(
                Access.Caller, "getUsage", "Limits", "Show your usage",
                "What your tenant has used, and how each policy that limits it stands. Also without limits.")
            .Answers<UsageAnswer>(StatusCodes.Status200OK, "The usage.");
    }

    private static async Task<IResult> Put(
        HttpContext http,
        [Description("The tenant's id.")] string id,
        JsonBody body,
        IGrainFactory grains,
        ITenantStore tenants,
        IDeviceStore devices,
        RepeatedCalls calls,
        ILogger<LimitRequest> logger)
    {
        var (settings, error) = await body.ReadAsync(http, LimitRequest.Read);
        if (settings is null)
        {
            return error!;
        }

        // Looked up first: a grain of a name that somebody made up is not worth its activation.
        if (await tenants.FindAsync(id, http.RequestAborted) is null)
        {
            return NoSuchTenant;
        }

        var answer = await calls.RepeatAsync(() => grains.GetGrain<ITenantGrain>(id).SetLimits(settings));
        if (answer is LimitsAnswer.Done)
        {
            await TellDevicesAsync(id, grains, devices, logger);
        }

        return answer switch
        {
            LimitsAnswer.Done done => Show(id, done.Limits),
            LimitsAnswer.NoSuchTier unknown => LimitRequest.RefuseTier(settings.Tier!, unknown.Tiers),
            LimitsAnswer.Invalid invalid => LimitRequest.Refuse(invalid.Errors),
            _ => NoSuchTenant,
        };
    }

    private static async Task<IResult> Get(
        HttpContext http, [Description("The tenant's id.")] string id, IGrainFactory grains, ITenantStore tenants, RepeatedCalls calls) =>
        await tenants.FindAsync(id, http.RequestAborted) is not null && await LimitsOf(id, grains, calls) is { } limits ? Show(id, limits) : NoSuchTenant;

    private static async Task<IResult> GetOwn(HttpContext http, IGrainFactory grains, RepeatedCalls calls)
    {
        var id = http.GetCaller().TenantId;
        return await LimitsOf(id, grains, calls) is { } limits ? Show(id, limits) : NoSuchTenant;
    }

    private static async Task<IResult> GetUsage(HttpContext http, IGrainFactory grains, RepeatedCalls calls) =>
        await calls.RepeatAsync(grains.GetGrain<ITenantGrain>(http.GetCaller().TenantId).GetUsage) is { } usage
            ? Answer.Ok(UsageAnswer.Of(usage), ApiJson.Wire.UsageAnswer)
            : NoSuchTenant;

    private static Task<LimitsSnapshot?> LimitsOf(string tenantId, IGrainFactory grains, RepeatedCalls calls) =>
        calls.RepeatAsync(grains.GetGrain<ITenantGrain>(tenantId).GetLimits);

    private static IResult Show(string tenantId, LimitsSnapshot limits) =>
        Answer.Ok(new LimitsAnswerBody { Limits = LimitsResource.Of(tenantId, limits) }, ApiJson.Wire.LimitsAnswerBody);

    // A device that cannot be reached hears of it when its terms have grown old; the limits count in the tenant already.
    private static async Task TellDevicesAsync(string tenantId, IGrainFactory grains, IDeviceStore devices, ILogger logger) =>
        await Parallel.ForEachAsync(
            await devices.ListAsync(tenantId, userId: null),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, TaskScheduler = TaskScheduler.Current },
            async (device, cancellationToken) =>
            {
                try
                {
                    await grains.GetGrain<IDeviceGrain>(device.Key.ToString()).RefreshTerms(CancellationToken.None);
                }
                catch (Exception e) when (RepeatedCalls.IsOutage(e))
                {
                    Log.NotTold(logger, e, device.Key.ToString());
                }
            });

    private static ApiError NoSuchTenant => new(ErrorCodes.NotFound, "There is no tenant of this id.");

    private static partial class Log
    {
        [LoggerMessage(8020, LogLevel.Warning, "Device {Device} could not be told that its tenant's limits have changed; it learns of it within half a minute")]
        public static partial void NotTold(ILogger logger, Exception exception, string device);
    }
}

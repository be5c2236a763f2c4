using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Orleans;
using Wuts.Api.Calls;
using Wuts.Api.OpenApi;
using Wuts.Domain.Quotas;
using Wuts.Grains.Tenants;

namespace Wuts.Api.Quotas;

/// <summary>
/// The fields <c>RateLimit-Policy</c> and <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers, of September 2025): lists of structured
/// fields (RFC 9651), with a member for each policy. Without policies there are none.
/// </summary>
internal static class QuotaHeaders
{
    public const string Policy = "RateLimit-Policy";
    public const string State = "RateLimit";

    public static readonly DocumentedHeader[] Documented =
    [
        .. new[] { StatusCodes.Status200OK, StatusCodes.Status202Accepted, StatusCodes.Status422UnprocessableEntity, StatusCodes.Status429TooManyRequests }.SelectMany(
            status => new DocumentedHeader[]
            {
                new(status, Policy, "For tenants with limits: what each policy gives, `\"rate\";q=10;w=1`."),
                new(status, State, "For tenants with limits: what is left, and in how many seconds there is more, `\"rate\";r=3;t=1`."),
            }),
    ];

    /// <summary>An answer with the fields.</summary>
    public static IResult With(IResult answer, QuotaSnapshot? quota) => quota is null or { Policies.IsEmpty: true } ? answer : new Limited(answer, quota);

    /// <summary>An answer to a send that reached no device: how the quotas stand is asked for. If that cannot be learned it leaves as it is.</summary>
    public static async Task<IResult> WithAsync(IResult answer, string tenantId, IGrainFactory grains)
    {
        try
        {
            return With(answer, await grains.GetGrain<ITenantGrain>(tenantId).Look());
        }
        catch (Exception e) when (RepeatedCalls.IsOutage(e))
        {
            return answer;
        }
    }

    /// <summary>What each policy gives: <c>"rate";q=10;w=1</c>.</summary>
    public static string PolicyOf(QuotaSnapshot quota) => List(quota, (text, policy) =>
    {
        text.Append(CultureInfo.InvariantCulture, $";q={policy.Quota}");
        text.Append(policy.Window is { } window
            ? string.Create(CultureInfo.InvariantCulture, $";w={(long)window.TotalSeconds}")
            : ";qu=\"concurrent-requests\"");
    });

    /// <summary>What is left of each policy, and in how many seconds there is more: <c>"rate";r=3;t=1</c>.</summary>
    public static string StateOf(QuotaSnapshot quota) => List(quota, (text, policy) =>
    {
        text.Append(CultureInfo.InvariantCulture, $";r={policy.Remaining}");
        if (policy.ResetsAt is { } reset)
        {
            text.Append(CultureInfo.InvariantCulture, $";t={Math.Max(0, (long)Math.Ceiling((reset - quota.At).TotalSeconds))}");
        }
    });

    private static string List(QuotaSnapshot quota, Action<StringBuilder, PolicyState> parameters)
    {
        var text = new StringBuilder();
        foreach (var policy in quota.Policies)
        {
            text.Append(text.Length > 0 ? ", " : string.Empty).Append('"').Append(policy.Name).Append('"');
            parameters(text, policy);
        }

        return text.ToString();
    }

    private sealed class Limited(IResult answer, QuotaSnapshot quota) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers[Policy] = PolicyOf(quota);
            httpContext.Response.Headers[State] = StateOf(quota);
            return answer.ExecuteAsync(httpContext);
        }
    }
}

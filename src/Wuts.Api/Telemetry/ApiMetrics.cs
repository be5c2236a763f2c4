using System.Diagnostics.Metrics;
using Wuts.Api.Errors;

namespace Wuts.Api.Telemetry;

/// <summary>What the front end tells of itself, besides what ASP.NET Core measures of every request.</summary>
internal static class ApiMetrics
{
    private static readonly Meter Meter = new("Wuts");

    private static readonly UpDownCounter<long> Held = Meter.CreateUpDownCounter<long>(
        "wuts.http.held", "{request}", "Sends whose answer is held until their message has left.");

    private static readonly Counter<long> RefusedRequests = Meter.CreateCounter<long>(
        "wuts.http.refused", "{request}", "Requests answered 429 or 5xx, by status and error code.");

    public static void Hold() => Held.Add(1);

    public static void Release() => Held.Add(-1);

    public static void Answered(ErrorKind error)
    {
        if (error.Status is 429 or >= 500)
        {
            RefusedRequests.Add(1, new("http.response.status_code", error.Status), new("wuts.error.code", error.Name));
        }
    }
}

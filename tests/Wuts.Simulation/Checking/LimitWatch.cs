using Wuts.Domain.Devices;
using Wuts.Domain.Quotas;
using Wuts.Simulation.World;
using Wuts.Testing.Checking;

namespace Wuts.Simulation.Checking;

/// <summary>The limits of a world, as the rules know them.</summary>
internal static class LimitWatch
{
    public static IEnumerable<PaceCeiling> Ceilings(Limits limits, IEnumerable<DeviceKey> devices) => limits.Ceiling is { } ceiling
        ? devices.Select(device => new PaceCeiling(device.TenantId, device.DeviceId, DateTimeOffset.MinValue, null, ceiling.PerMinute / 60, ceiling.Most))
        : [];

    /// <param name="began">When the numbers were paired.</param>
    public static IEnumerable<WarmUpDay> Days(Limits limits, DateTimeOffset began, IEnumerable<DeviceKey> devices) =>
        from device in devices
        from day in limits.WarmUp.Select((most, number) => (Most: most, Date: DateOnly.FromDateTime(began.UtcDateTime).AddDays(number)))
        select new WarmUpDay(device.TenantId, device.DeviceId, day.Date, day.Most);

    public static IEnumerable<Testing.Checking.TenantQuota> Quotas(Limits limits)
    {
        foreach (var (tenant, own) in limits.OfTenants)
        {
            if (own.MessagesPerDay is { } daily)
            {
                yield return new(tenant, QuotaPolicies.Daily, daily, Window: null);
            }

            if (own.Rate is { } rate)
            {
                yield return new(tenant, QuotaPolicies.Rate, rate.Quota, rate.Length);
            }
        }
    }
}

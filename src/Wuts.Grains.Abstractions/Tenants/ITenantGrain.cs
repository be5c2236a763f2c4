using Orleans;
using Wuts.Domain.Quotas;

namespace Wuts.Grains.Tenants;

/// <summary>A customer: its identity, and its share of what all customers share. Key: the tenant's id.</summary>
[Alias("wuts.tenant-grain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>
    /// Lends a device permits to dispatch, as many as it wants or fewer. <see cref="PermitLease.None"/> for a tenant that does not
    /// exist. Permits that are not used by the end of the lease return by themselves.
    /// </summary>
    [Alias("lease-permits")]
    Task<PermitLease> LeasePermits(string deviceId, int wanted);
}

using Orleans;
using Orleans.Concurrency;
using Wuts.Domain.Quotas;

namespace Wuts.Grains.Tenants;

/// <summary>A customer: its identity, and its share of what all customers share. Key: the tenant's id.</summary>
[Alias("wuts.tenant-grain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>What devices in silos of the version before ask, as <see cref="LendPermits"/>; its times are of this silo's clock.</summary>
    [AlwaysInterleave, Alias("lease-permits")]
    Task<PermitLease> LeasePermits(string deviceId, int wanted);

    /// <summary>What the tenant's devices must know to accept messages. They ask again after some seconds, and when they are told to.</summary>
    [AlwaysInterleave, Alias("get-terms")]
    Task<TenantTerms> GetTerms();

    /// <summary>
    /// Counts a message against the tenant's quotas, if they have room for it. Only for tenants whose terms say that sends count. The
    /// decision is exact: no two are made at once, wherever the devices are.
    /// </summary>
    /// <remarks>Safe to repeat: a message is counted once within half a minute.</remarks>
    [AlwaysInterleave, Alias("admit")]
    Task<Admission> Admit(AdmitRequest request, CancellationToken cancellationToken = default);

    /// <summary>Nothing was accepted of a message that was counted: it is as if it had never been. Safe to repeat.</summary>
    /// <returns>How the policies stand then.</returns>
    [AlwaysInterleave, Alias("give-back")]
    Task<QuotaSnapshot> GiveBack(string messageId);

    /// <summary>How the policies stand; none for a tenant whose sends do not count.</summary>
    [AlwaysInterleave, Alias("look")]
    Task<QuotaSnapshot> Look();

    /// <summary>Takes in how many messages wait in a device. In any order, and safe to repeat.</summary>
    [AlwaysInterleave, Alias("tell-depth")]
    Task TellDepth(DepthReport report);

    /// <summary>What the tenant may use, and where that comes from; <c>null</c> if there is no such tenant.</summary>
    [Alias("get-limits")]
    Task<LimitsSnapshot?> GetLimits();

    /// <summary>
    /// Replaces what was set for the tenant. It is stored when this returns, and counts here; the devices learn of it by
    /// <see cref="Devices.IDeviceGrain.RefreshTerms"/>, or within half a minute. Safe to repeat.
    /// </summary>
    [Alias("set-limits")]
    Task<LimitsAnswer> SetLimits(LimitSettings settings);

    /// <summary>What the tenant has used; <c>null</c> if there is no such tenant.</summary>
    [Alias("get-usage")]
    Task<UsageSnapshot?> GetUsage();

    /// <summary>
    /// Lends a device permits to dispatch, and takes back what it did not use. Where permits are rationed these are as many as it wants or
    /// fewer, and the answer waits until there are some, at most five seconds; else a block. None for a tenant that does not exist.
    /// </summary>
    /// <remarks>Permits that are not used in time return by themselves.</remarks>
    [AlwaysInterleave, Alias("lend-permits")]
    Task<PermitGrant> LendPermits(PermitRequest request);
}

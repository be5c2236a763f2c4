using System.Collections.Immutable;
using Wuts.Domain.Quotas;

namespace Wuts.Storage;

/// <summary>What tenants may use, as it was set for them.</summary>
public interface ITenantLimitStore
{
    /// <summary>A tenant's settings; <see cref="LimitSettings.None"/> if none were ever stored.</summary>
    Task<LimitSettings> FindAsync(string tenantId, CancellationToken cancellationToken = default);

    /// <summary>Stores a tenant's settings in place of those that it had. Safe to repeat.</summary>
    Task PutAsync(string tenantId, LimitSettings settings, DateTimeOffset at, CancellationToken cancellationToken = default);
}

/// <summary>What tenants have used, counted from their messages.</summary>
public interface ITenantUsageStore
{
    /// <summary>
    /// Begins a tenant's next epoch of admissions and returns it. From when this returns, nothing is accepted any more that was admitted under
    /// an earlier one: what is read then is all that those have come to.
    /// </summary>
    Task<long> BeginEpochAsync(string tenantId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Counts a tenant's use. What is accepted meanwhile may or may not count, but a message is never in two of the figures that a
    /// quota adds up.
    /// </summary>
    Task<TenantUsage> ReadAsync(string tenantId, UsageSince since, CancellationToken cancellationToken = default);

    /// <summary>A tenant's unsent messages by device. A device that has none is left out.</summary>
    Task<ImmutableDictionary<string, int>> CountWaitingAsync(string tenantId, CancellationToken cancellationToken = default);

    /// <summary>Whether a message to this chat was accepted before a time.</summary>
    Task<bool> HasWrittenAsync(string tenantId, string chatJid, DateTimeOffset before, CancellationToken cancellationToken = default);
}

using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Quotas;

namespace Wuts.Grains.Tenants;

// What the tenant may use, and what it has used. Admissions interleave with everything: _quota is asked and changed in one turn, and
// whoever awaits anything asks for it again.
internal sealed partial class TenantGrain
{
    private LimitsSnapshot _limits = new(LimitSettings.None, TenantLimits.None);
    private TenantQuota? _quota;
    private Task<TenantQuota>? _rebuilding;
    private long? _epoch;

    /// <summary>The tenant's share of what tenants share, in proportion to the weights of the others.</summary>
    internal int Weight => _limits.Effective.Weight ?? TenantLimits.DefaultWeight;

    public Task<TenantTerms> GetTerms()
    {
        DeactivateUnlessRegistered();
        return Task.FromResult(TenantTerms.Of(_limits.Effective));
    }

    public async Task<Admission> Admit(AdmitRequest request, CancellationToken cancellationToken)
    {
        if (!_limits.Effective.CountsSends)
        {
            return new Admission.Granted(Nothing(), Charged: false); // the device has not heard yet that there are no limits any more
        }

        var quota = await Quota();
        var isNew = quota.AsksOf(request.ChatJid, clock.GetUtcNow())
            && !await usageStore.HasWrittenAsync(this.GetPrimaryKeyString(), request.ChatJid, UsageSince.DayOf(clock.GetUtcNow()), cancellationToken);
        if (quota.DoubtsDepth(clock.GetUtcNow()))
        {
            var waiting = await usageStore.CountWaitingAsync(this.GetPrimaryKeyString(), cancellationToken);
            (_quota ?? quota).Correct(waiting, clock.GetUtcNow());
        }

        var admission = (_quota ?? quota).Admit(request, isNew, clock.GetUtcNow());
        return admission is Admission.Granted granted ? granted with { Epoch = _epoch } : admission;
    }

    public Task<QuotaSnapshot> GiveBack(string messageId) => Task.FromResult(_quota?.GiveBack(messageId, clock.GetUtcNow()) ?? Nothing());

    public async Task<QuotaSnapshot> Look() => _limits.Effective.CountsSends ? (await Quota()).Look(clock.GetUtcNow()) : Nothing();

    public Task TellDepth(DepthReport report)
    {
        _quota?.Tell(report, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<LimitsSnapshot?> GetLimits()
    {
        DeactivateUnlessRegistered();
        return Task.FromResult(_tenant is null ? null : _limits);
    }

    public async Task<LimitsAnswer> SetLimits(LimitSettings settings)
    {
        DeactivateUnlessRegistered();
        if (_tenant is null)
        {
            return new LimitsAnswer.NoSuchTenant();
        }

        if (settings.Tier is { } tier && !tiers.Value.Tiers.ContainsKey(tier))
        {
            return new LimitsAnswer.NoSuchTier([.. tiers.Value.Tiers.Keys]);
        }

        var limits = With(settings);
        if (LimitRules.Check(limits.Effective) is { IsEmpty: false } errors)
        {
            return new LimitsAnswer.Invalid(errors);
        }

        // What is admitted from now on is remembered for longer than this takes.
        var now = clock.GetUtcNow();
        _epoch = limits.Effective.CountsSends && _quota is null ? await usageStore.BeginEpochAsync(_tenant.Id) : _epoch;
        var used = limits.Effective.CountsSends ? await usageStore.ReadAsync(_tenant.Id, UsageSince.Of(limits.Effective, now)) : null;
        await limitStore.PutAsync(_tenant.Id, settings, now);
        (_limits, _rebuilding) = (limits, null);
        _quota = used is null ? null : new(limits.Effective, used, now, _quota);
        return new LimitsAnswer.Done(limits);
    }

    public async Task<UsageSnapshot?> GetUsage()
    {
        DeactivateUnlessRegistered();
        if (_tenant is null)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var used = await usageStore.ReadAsync(_tenant.Id, UsageSince.Counts(now));
        var owned = (await devices.ListAsync(_tenant.Id, userId: null)).Length;
        var stand = await Look();
        ImmutableArray<PolicyState> ofDevices = _limits.Effective.Devices is { } most
            ? [new(QuotaPolicies.Devices, most, Window: null, Math.Max(0, most - owned), ResetsAt: null)]
            : [];
        return new(stand.At, used.AcceptedToday, used.Waiting.Values.Sum(waiting => (long)waiting), owned, used.NewToday.Length, [.. stand.Policies, .. ofDevices]);
    }

    private async Task LoadLimits(CancellationToken cancellationToken)
    {
        if (_tenant is not null)
        {
            _limits = With(await limitStore.FindAsync(_tenant.Id, cancellationToken));
        }
    }

    private LimitsSnapshot With(LimitSettings settings)
    {
        var known = TenantLimits.None;
        if (settings.Tier is { } tier && !tiers.Value.Tiers.TryGetValue(tier, out known))
        {
            Log.TierUnknown(logger, this.GetPrimaryKeyString(), tier);
        }

        return new(settings, known ?? TenantLimits.None);
    }

    private async Task<TenantQuota> Quota()
    {
        if (_quota is { } quota)
        {
            return quota;
        }

        var rebuilding = _rebuilding ??= Rebuild();
        try
        {
            var rebuilt = await rebuilding;
            _quota = ReferenceEquals(_rebuilding, rebuilding) ? rebuilt : _quota; // limits that were set meanwhile have brought their own
            return _quota ?? rebuilt;
        }
        finally
        {
            _rebuilding = ReferenceEquals(_rebuilding, rebuilding) ? null : _rebuilding;
        }
    }

    // The activation before may have admitted messages that devices elsewhere are storing now, and may go on to admit some: whatever of
    // these is not stored by now never will be.
    private async Task<TenantQuota> Rebuild()
    {
        _epoch ??= await usageStore.BeginEpochAsync(this.GetPrimaryKeyString());
        var (now, limits) = (clock.GetUtcNow(), _limits.Effective);
        return new(limits, await usageStore.ReadAsync(this.GetPrimaryKeyString(), UsageSince.Of(limits, now)), now);
    }

    private QuotaSnapshot Nothing() => new(clock.GetUtcNow(), []);

    private void DeactivateUnlessRegistered()
    {
        if (_tenant is null)
        {
            DeactivateOnIdle(); // it may be registered later
        }
    }
}

using System.Collections.Immutable;

namespace Wuts.Testing.Checking;

// What recipients want, and what is limited or shared. A run that does not know it leaves it out.
public sealed partial record History
{
    /// <summary>What recipients said, in the order in which the store committed it.</summary>
    public ImmutableArray<ConsentChange> ConsentChanges { get; init; } = [];

    /// <summary>The same as those tell it who said it: all that was said, in any order.</summary>
    public ImmutableArray<ConsentWord> ConsentWords { get; init; } = [];

    /// <summary>What tenants need their recipients to have said, in the order in which the store committed it. Before the first: nothing.</summary>
    public ImmutableArray<ConsentRule> ConsentRules { get; init; } = [];

    /// <summary>
    /// The claims that were stored, those that came with an acceptance too, all of them. <c>null</c> where the run did not see the
    /// store's commits: then the rows' timelines tell of claims, by time only.
    /// </summary>
    public ImmutableArray<Claim>? Claims { get; init; }

    /// <summary>The messages that ended because of consent.</summary>
    public ImmutableArray<ConsentRefusal> ConsentRefusals { get; init; } = [];

    /// <summary>The most that devices and chats may get.</summary>
    public ImmutableArray<PaceCeiling> PaceCeilings { get; init; } = [];

    /// <summary>The days on which cold numbers were limited.</summary>
    public ImmutableArray<WarmUpDay> WarmUpDays { get; init; } = [];

    /// <summary>The quotas of tenants.</summary>
    public ImmutableArray<TenantQuota> Quotas { get; init; } = [];

    /// <summary>What tenants share.</summary>
    public ImmutableArray<SharedPool> Pools { get; init; } = [];

    /// <summary>When lanes of devices had something to send all the time.</summary>
    public ImmutableArray<LaneBacklog> LaneBacklogs { get; init; } = [];
}

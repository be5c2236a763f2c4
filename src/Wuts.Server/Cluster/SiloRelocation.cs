using System.Security.Cryptography;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Wuts.Grains.Hosting;

namespace Wuts.Server.Cluster;

/// <summary>Moves activations to any other active silo, by Orleans' own migration: their place in the directory changes in one step.</summary>
internal sealed class SiloRelocation(IClusterMembershipService membership, ILocalSiloDetails self) : IRelocation
{
    public bool IsPossible => Others().Length > 0;

    public async Task MoveAsync(IGrain grain)
    {
        if (Others() is { Length: > 0 } others)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, others[RandomNumberGenerator.GetInt32(others.Length)]);
            await grain.Cast<IGrainManagementExtension>().MigrateOnIdle();
        }
    }

    private SiloAddress[] Others() =>
    [
        .. membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(self.SiloAddress))
            .Select(member => member.SiloAddress),
    ];
}

using Orleans.Runtime;
using Wuts.Grains.Hosting;

namespace Wuts.Server.Cluster;

/// <summary>
/// Every active silo sweeps the keys that fall to its place among them. While two see different memberships a key may be swept twice, or
/// not until the second has seen the change too.
/// </summary>
internal sealed class SiloShare(IClusterMembershipService membership, ILocalSiloDetails self, TimeProvider clock) : BackgroundService, ISweepShare
{
    private long _changedAt; // in UTC ticks, since a time is no atomic value

    public event Action? Changed;

    public DateTimeOffset? ChangedAt => Volatile.Read(ref _changedAt) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public bool Includes(string key)
    {
        var active = ActiveSilos(membership.CurrentSnapshot);
        return SweepShares.Includes(key, Array.IndexOf(active, self.SiloAddress), active.Length);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        SiloAddress[] known = [];
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            var active = ActiveSilos(snapshot);
            if (!active.SequenceEqual(known))
            {
                known = active;
                Volatile.Write(ref _changedAt, clock.GetUtcNow().UtcTicks);
                Changed?.Invoke();
            }
        }
    }

    private static SiloAddress[] ActiveSilos(ClusterMembershipSnapshot snapshot) =>
        [.. snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).Order()];
}

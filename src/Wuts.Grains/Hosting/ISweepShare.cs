namespace Wuts.Grains.Hosting;

/// <summary>Divides the sweep among the silos of a cluster, so that each grain is woken once a round and not once a silo.</summary>
public interface ISweepShare
{
    /// <summary>Whether this silo wakes the grain with this key.</summary>
    bool Includes(string key);

    /// <summary>Raised, on any thread, when a silo has come or gone: what it had active is to be woken now, and not with the next round.</summary>
    event Action Changed;

    /// <summary>When that was last; <c>null</c> for never.</summary>
    DateTimeOffset? ChangedAt => null;
}

/// <summary>One silo, which sweeps everything.</summary>
internal sealed class WholeSweep : ISweepShare
{
    public event Action Changed
    {
        add { }
        remove { }
    }

    public bool Includes(string key) => true;
}

/// <summary>How the sweep is divided.</summary>
public static class SweepShares
{
    /// <summary>Whether a key falls to the silo at a place among so many, counted from 0. The same in every process; a place outside has no share.</summary>
    public static bool Includes(string key, int place, int silos)
    {
        var hash = 2166136261u; // FNV-1a: string.GetHashCode differs between processes
        foreach (var character in key)
        {
            hash = (hash ^ character) * 16777619;
        }

        hash ^= hash >> 16; // alone, its low bits know only the low bits of the characters
        return place >= 0 && hash % (uint)silos == place;
    }
}

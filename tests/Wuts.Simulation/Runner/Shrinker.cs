using System.Collections.Immutable;
using Wuts.Simulation.World;

namespace Wuts.Simulation.Runner;

/// <summary>
/// Finds the few faults of a failing run that make it fail: leaves out whole kinds of them, and then ever smaller parts, for as long
/// as it still fails the same way. A run without a fault goes another way from there on, so this is a search with luck in it, and
/// bounded.
/// </summary>
/// <param name="failsWith">Runs with these faults only. Those that struck, if it fails the same way; else <c>null</c>.</param>
internal sealed class Shrinker(Func<ImmutableArray<Fault>, ImmutableArray<Fault>?> failsWith, TimeProvider clock)
{
    public const int MostRuns = 200;
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    private long _started;

    /// <summary>Runs that it took.</summary>
    public int Runs { get; private set; }

    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    private bool IsSpent => Runs >= MostRuns || Elapsed >= MostTime;

    /// <returns>Some of the faults, with which it fails as well; all of them, if it needs them all.</returns>
    public ImmutableArray<Fault> Shrink(ImmutableArray<Fault> faults)
    {
        (_started, Runs) = (clock.GetTimestamp(), 0);
        if (TryWith([]) is not null)
        {
            return [];
        }

        foreach (var kind in faults.Select(fault => fault.Kind).Distinct())
        {
            faults = LeaveOut(faults, kind);
        }

        for (var size = faults.Length / 2; size > 1; size = Math.Min(size, faults.Length) / 2)
        {
            faults = LeaveOut(faults, size);
        }

        // Without its later neighbours, one that was needed before may be so no more.
        int before;
        do
        {
            before = faults.Length;
            faults = LeaveOut(faults, 1);
        }
        while (faults.Length < before);

        return faults;
    }

    private ImmutableArray<Fault> LeaveOut(ImmutableArray<Fault> faults, string kind)
    {
        var others = faults.RemoveAll(fault => fault.Kind == kind);
        return others.IsEmpty || others.Length == faults.Length || IsSpent ? faults : TryWith(others) ?? faults;
    }

    private ImmutableArray<Fault> LeaveOut(ImmutableArray<Fault> faults, int size)
    {
        for (var at = 0; at < faults.Length && faults.Length > 1 && !IsSpent;)
        {
            if (TryWith(faults.RemoveRange(at, Math.Min(size, faults.Length - at))) is { } struck)
            {
                faults = struck;
            }
            else
            {
                at += size;
            }
        }

        return faults;
    }

    private ImmutableArray<Fault>? TryWith(ImmutableArray<Fault> faults)
    {
        Runs++;
        return failsWith(faults);
    }
}

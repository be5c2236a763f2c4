using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Pacing;

/// <summary>
/// How fast a number sends now, and why: halved by signals, raised step by step without them (additive increase, multiplicative
/// decrease), never over the ceiling nor under the floor. Every method returns the next pace, or <c>this</c> when nothing changes.
/// </summary>
/// <remarks>
/// A signal that comes from one kind of traffic slows that kind; only when that cannot be slowed any more, and by signals about the
/// whole number, all are slowed.
/// </remarks>
[GenerateSerializer, Immutable, Alias("wuts.pace")]
public sealed record Pace
{
    /// <summary>So many changes are kept.</summary>
    public const int KeptChanges = 50;

    /// <summary>Messages a second, all kinds together.</summary>
    [Id(0)] public required double Rate { get; init; }

    /// <summary>What each kind may have of it.</summary>
    [Id(1)] public CategoryFactors Factors { get; init; } = new();

    /// <summary>From when on intervals without signals count.</summary>
    [Id(2)] public required DateTimeOffset QuietSince { get; init; }

    /// <summary>Nothing leaves before this, because the network said so.</summary>
    [Id(3)] public DateTimeOffset? HeldUntil { get; init; }

    [Id(4)] public QualityRating Rating { get; init; }

    /// <summary>When the network said so.</summary>
    [Id(5)] public DateTimeOffset? RatedAt { get; init; }

    /// <summary>When each kind of signal last slowed it.</summary>
    [Id(6)] public ImmutableArray<PaceChange> Cuts { get; init; } = [];

    /// <summary>What changed it, oldest first.</summary>
    [Id(7)] public ImmutableArray<PaceChange> Changes { get; init; } = [];

    public static Pace Full(PaceProfile profile, DateTimeOffset now) => new() { Rate = profile.Ceiling, QuietSince = now };

    /// <summary>The highest rate that its rating allows.</summary>
    public double Cap(PacePolicy policy) => Math.Max(policy.Profile.Floor, policy.Profile.Ceiling * Rating switch
    {
        QualityRating.Yellow => policy.Rules.YellowShare,
        QualityRating.Red => policy.Rules.RedShare,
        _ => 1,
    });

    /// <summary>Messages a second of one kind.</summary>
    public double RateOf(Category category, PaceProfile profile) => Math.Max(Math.Min(profile.Floor, Rate), Rate * Factors.Of(category));

    /// <summary>What made it slower than the ceiling, or a kind slower than all; <c>null</c> when nothing did that is remembered.</summary>
    public PaceSignal? SlowedBy(PacePolicy policy, Category? category = null)
    {
        if (category is { } kind ? Factors.Of(kind) >= 1 : Rate >= policy.Profile.Ceiling)
        {
            return null;
        }

        return category is null && Rate >= Cap(policy)
            ? PaceSignal.Quality
            : Changes.LastOrDefault(change => change.Category == category && change.After < change.Before)?.Signal;
    }

    /// <summary>The profile may have changed since this was stored.</summary>
    public Pace Within(PacePolicy policy) =>
        Math.Clamp(Rate, policy.Profile.Floor, Cap(policy)) is var rate && rate != Rate ? this with { Rate = rate } : this;

    /// <summary>Raises it by as many steps as there were intervals without a signal.</summary>
    public Pace Recovered(PacePolicy policy, DateTimeOffset now)
    {
        var (profile, cap) = (policy.Profile, Cap(policy));
        var steps = now > QuietSince ? (now - QuietSince).Ticks / profile.RecoverEvery.Ticks : 0;
        if (steps == 0 || (Rate >= cap && Factors.IsFull))
        {
            return this;
        }

        var next = this with
        {
            Rate = Math.Min(cap, Rate + profile.Ceiling * profile.RecoverBy * steps),
            Factors = Factors.Raised(profile.RecoverBy * steps),
            QuietSince = QuietSince + profile.RecoverEvery * steps,
        };

        return next.Rate != Rate ? Rising(next, null, Rate, next.Rate)
            : next.Factors != Factors && Slowest is var slowest ? Rising(next, slowest, RateOf(slowest, profile), next.RateOf(slowest, profile))
            : next;
    }

    private Category Slowest => Enum.GetValues<Category>().MinBy(Factors.Of);

    // Steps that follow each other are one change, or they would push out what there is to explain.
    private Pace Rising(Pace next, Category? category, double before, double after)
    {
        var last = Changes is [.., { Signal: PaceSignal.Recovery } step] && step.Category == category ? step : null;
        var changes = last is null ? Changes : Changes.RemoveAt(Changes.Length - 1);
        return (next with { Changes = changes }).With(new(next.QuietSince, PaceSignal.Recovery, category, null, null, last?.Before ?? before, after));
    }

    /// <summary>Halves it, unless a signal of the kind has done so within the cool-down.</summary>
    public Pace Slowed(PacePolicy policy, PaceWarning warning, DateTimeOffset now)
    {
        var current = Recovered(policy, now);
        if (current.Cuts.Any(cut => cut.Signal == warning.Signal && cut.Category == warning.Category && cut.At + policy.Rules.CoolDown > now))
        {
            return current;
        }

        var floor = policy.Profile.Floor;
        if (warning.Category is { } category && current.RateOf(category, policy.Profile) is var part && part > floor)
        {
            var slower = Math.Max(floor, part / 2);
            return (current with { Factors = current.Factors.With(category, slower / current.Rate) }).Cut(warning, now, part, slower);
        }

        var rate = Math.Max(floor, current.Rate / 2);
        return (current with { Rate = rate }).Cut(warning, now, current.Rate, rate);
    }

    /// <summary>The network asked for less, and for silence until a time.</summary>
    public Pace Throttled(PacePolicy policy, TimeSpan wait, DateTimeOffset now)
    {
        var held = now + wait > HeldUntil || HeldUntil is null ? this with { HeldUntil = now + wait } : this;
        return held.Slowed(policy, new(PaceSignal.Throttled, null, wait.TotalSeconds, null), now);
    }

    /// <summary>The network rates the number anew. Older word than what is known changes nothing.</summary>
    public Pace Rated(PacePolicy policy, QualityRating rating, DateTimeOffset at, DateTimeOffset now)
    {
        if (at <= RatedAt || rating == Rating)
        {
            return at > RatedAt ? this with { RatedAt = at } : this;
        }

        var current = Recovered(policy, now) with { Rating = rating, RatedAt = at };
        var cap = current.Cap(policy);
        return (current with { Rate = Math.Min(current.Rate, cap), QuietSince = now }).With(
            new(now, PaceSignal.Quality, null, (int)rating, null, current.Rate, Math.Min(current.Rate, cap)));
    }

    /// <summary>A ban: it begins anew at the floor.</summary>
    public Pace Banned(PacePolicy policy, DateTimeOffset now)
    {
        var floor = policy.Profile.Floor;
        return (this with { Rate = floor, HeldUntil = null }).Cut(new(PaceSignal.TemporaryBan, null, null, null), now, Rate, floor);
    }

    private Pace Cut(PaceWarning warning, DateTimeOffset now, double before, double after)
    {
        var change = new PaceChange(now, warning.Signal, warning.Category, warning.Value, warning.Threshold, before, after);
        var cuts = Cuts.RemoveAll(cut => cut.Signal == warning.Signal && cut.Category == warning.Category).Add(change);
        var cut = this with { QuietSince = now, Cuts = cuts };
        return before > after ? cut.With(change) : cut; // at the floor there is nothing to tell
    }

    private Pace With(PaceChange change) => this with
    {
        Changes = (Changes.Length < KeptChanges ? Changes : Changes.RemoveRange(0, Changes.Length - KeptChanges + 1)).Add(change),
    };
}

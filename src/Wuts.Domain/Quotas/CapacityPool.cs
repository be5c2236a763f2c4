using System.Collections.Immutable;

namespace Wuts.Domain.Quotas;

/// <summary>
/// A rate that claimants share: so many permits a second, divided in proportion to weights among those who ask. A pool knows no more
/// than claimants, weights and its terms, so anything with a rate can be one: what a cluster dispatches, or a budget that several numbers of
/// one account have in common.
/// </summary>
/// <remarks>
/// Time is cut into rounds. Each begins by dividing what has gathered, by start-time fair queueing: every permit goes to the claimant
/// whose virtual time is the earliest. Those times are kept from round to round, so that of two claimants that always want more neither
/// gets ahead, over any time, by more than a few permits for its weight. A claimant is expected to want in the next round what it wanted in the last: its part
/// is put by, and given to others when it does not come, as when its silo has died. While all get what they ask for nobody waits for a round.
/// Virtual time runs through a round evenly, as permits are spent; who comes new begins there, and gets what the others of its weight
/// still have before them, to spend by the end of the round like them, at the expense of the next.
/// </remarks>
public sealed partial record CapacityPool
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly PoolTerms _terms;

    private CapacityPool(PoolTerms terms) => _terms = terms;

    private DateTimeOffset FilledAt { get; init; }

    /// <summary>Permits that are there; below 0 while what was given in advance is being paid.</summary>
    private double Free { get; init; }

    private FreePeaks Peaks { get; init; } = new();

    /// <summary>Grows with everything that happens.</summary>
    private long Mark { get; init; }

    private DateTimeOffset RoundAt { get; init; }

    /// <summary>Whether the first round has begun, and with it virtual time.</summary>
    private bool Running { get; init; }

    private decimal From { get; init; }

    private decimal To { get; init; }

    private DateTimeOffset FromAt { get; init; }

    private DateTimeOffset ToAt { get; init; }

    private long Asked { get; init; }

    private ImmutableDictionary<string, Claimant> Claimants { get; init; } = ImmutableDictionary<string, Claimant>.Empty;

    /// <summary>What they all want of the next division.</summary>
    private long Demand { get; init; }

    /// <summary>Whether this round gave somebody less than it asked for: then what gathers is for the next.</summary>
    private bool Short { get; init; }

    /// <summary>When <see cref="Turn"/> has something to do; <c>null</c> when nobody waits or is expected.</summary>
    public DateTimeOffset? NextRound => Claimants.Values.Any(c => c.Demand > 0 || c.PutBy is not null)
        ? Later(RoundAt, FilledAt + TimeSpan.FromSeconds(Math.Max(0, (1 - Free) / _terms.Rate)))
        : null;

    /// <summary>
    /// A pool that may have had a predecessor, lost with its silo: it grants nothing before the last of that one's grants has ended, and lets
    /// all who ask meanwhile begin alike. It begins with one round's permits, so that a claimant of which only a
    /// part has come back by then gets no less than the others.
    /// </summary>
    public static CapacityPool Open(PoolTerms terms, DateTimeOffset now) => new(terms)
    {
        FilledAt = now + terms.Validity - terms.Round, RoundAt = now + terms.Validity, Mark = now.UtcTicks, Peaks = new FreePeaks().Note(now.UtcTicks, terms.Burst), // another's permits are of no worth here
    };

    /// <summary>Asks for permits.</summary>
    /// <returns>A grant, or <c>null</c> when the claimant waits: a later <see cref="Turn"/> grants, unless it <see cref="Withdraw"/>s.</returns>
    public (CapacityPool Pool, PermitGrant? Grant) Ask(PoolAsk ask, DateTimeOffset now)
    {
        var known = Claimants.GetValueOrDefault(ask.Claimant);
        if (ask.Number < known?.Number)
        {
            return (this, PermitGrant.Nothing(AskAgain)); // it was long on its way: its claimant has given it up, and has had the answer to its repetition
        }

        if (known?.PutBy is { } stale && now >= stale.At + _terms.Validity)
        {
            return Refill(now).TakeBack().Ask(ask, now);
        }

        var lost = 0;
        if (known?.Last is { } last && last.Number == ask.Number)
        {
            if (now < last.At + _terms.Validity)
            {
                return (this, last.Grant.After(now - last.At)); // its answer was lost
            }

            lost = last.Grant.Permits; // it never knew, and nobody can use them any more
        }

        var (weight, demand) = (Math.Max(1, ask.Weight), Math.Max(0, ask.Demand));
        var unused = lost > 0 ? lost : known?.Number == ask.Number ? 0 : Math.Clamp(ask.Unused, 0, (int)_terms.Burst);
        var pool = Refill(now).Return(known is null ? 0 : unused, lost > 0 ? known!.Last!.Grant.Mark : ask.UnusedMark);
        var isNew = known is null or { Demand: 0, PutBy: null } || known.IsNew;
        var order = isNew ? Asked : known!.Order;
        var claimant = new Claimant(pool.StartOf(known, unused, weight, now), weight, demand, demand, order, ask.Number, now) { IsNew = isNew };
        pool = pool with { Asked = Asked + 1 };
        if (known?.PutBy is { } putBy)
        {
            return pool.Fetch(ask.Claimant, claimant, putBy, now);
        }

        return demand == 0 ? pool.Give(ask.Claimant, claimant, 0, TimeSpan.Zero, TimeSpan.Zero, now) : pool.TryGrant(ask.Claimant, claimant, now);
    }

    /// <summary>Begins a round if it is time: divides all that there is among those who wait or are expected, as far as it goes.</summary>
    public (CapacityPool Pool, ImmutableArray<(string Claimant, PermitGrant Grant)> Grants) Turn(DateTimeOffset now)
    {
        if (NextRound is not { } due || now < due)
        {
            return (this, []);
        }

        var pool = Refill(now).TakeBack().Settle() with { Running = true };
        var order = new PriorityQueue<(string Name, Claimant Claimant), (decimal Start, long Order)>();
        foreach (var (name, claimant) in pool.Claimants.Where(c => c.Value.Demand > 0))
        {
            order.Enqueue((name, claimant), (claimant.Start, claimant.Order));
        }

        var served = new Dictionary<string, (Claimant Claimant, int Permits, int First, int Last)>();
        var latest = pool.To;
        var given = 0;
        for (; given < (int)pool.Free && order.TryDequeue(out var next, out var place); given++)
        {
            var claimant = next.Claimant with { Start = place.Start + (1m / next.Claimant.Weight), Demand = next.Claimant.Demand - 1 };
            var (_, permits, first, _) = served.GetValueOrDefault(next.Name, (claimant, 0, given, given));
            served[next.Name] = (claimant, permits + 1, first, given);
            latest = place.Start;
            if (claimant.Demand > 0)
            {
                order.Enqueue((next.Name, claimant), (claimant.Start, claimant.Order));
            }
        }

        // Permits are spent in the order in which they were given, spread over the round; but where there is enough for all nobody waits.
        var isShort = order.Count > 0;
        var step = isShort ? _terms.Round / Math.Max(1, given) : TimeSpan.Zero;
        pool = pool.Advance(latest, _terms.Round, now) with { RoundAt = now + _terms.Round, Short = isShort };
        var grants = ImmutableArray.CreateBuilder<(string, PermitGrant)>(served.Count);
        foreach (var (name, (claimant, permits, first, last)) in served)
        {
            var spacing = isShort ? step * (last - first) / Math.Max(1, permits - 1) : _terms.Round / Math.Max(permits, _terms.PerRound);
            (pool, var grant) = pool.Give(name, claimant, permits, step * first, spacing, now);
            if (claimant.Waits)
            {
                grants.Add((name, grant));
            }
        }

        return (pool.Forget(now), grants.DrainToImmutable());
    }

    /// <summary>The claimant waits no longer for the answer to its question. It is expected to ask again.</summary>
    public CapacityPool Withdraw(string claimant) =>
        Claimants.TryGetValue(claimant, out var known) && known.Waits
            ? this with { Claimants = Claimants.SetItem(claimant, known with { Waits = false }) }
            : this;

    private CapacityPool Refill(DateTimeOffset now)
    {
        var free = Math.Min(_terms.Burst, Free + (Math.Max(0, (now - FilledAt).TotalSeconds) * _terms.Rate));
        var mark = Math.Max(Mark + 1, now.UtcTicks);
        return this with { FilledAt = Later(now, FilledAt), Free = free, Mark = mark, Peaks = Peaks.Note(mark, free) };
    }

    // As if they had never been granted: what would not have had room then is not there now.
    private CapacityPool Return(int permits, long mark)
    {
        var worth = Math.Min(permits, _terms.Burst - (Peaks.HighestAfter(mark) ?? _terms.Burst));
        return worth <= 0 ? this : this with { Free = Free + worth, Peaks = Peaks.Raise(mark, worth) };
    }

    // Nobody gains by having been away, nor by permits that never reached it or were of no use to it more than one.
    private decimal StartOf(Claimant? known, int unused, int weight, DateTimeOffset now)
    {
        var present = Present(now);
        return known is null || !Running ? present : Math.Max(known.Start - ((decimal)unused / weight), present - (unused > 0 ? 1m / weight : 0));
    }

    // What a newcomer could not be given in advance is not made up for, or the others would pay for a time when it was not there.
    private CapacityPool Settle() => this with
    {
        Claimants = Claimants.SetItems(Claimants.Where(c => c.Value.IsNew).Select(c =>
            KeyValuePair.Create(c.Key, c.Value with { Start = Math.Max(c.Value.Start, To), IsNew = false }))),
    };

    private (CapacityPool Pool, PermitGrant? Grant) TryGrant(string name, Claimant claimant, DateTimeOffset now)
    {
        if (!Running)
        {
            return (With(name, claimant with { Waits = true }), null);
        }

        var isShort = Short && NextRound is not null;
        var ofOthers = Math.Min(_terms.PerRound, Demand - (Claimants.GetValueOrDefault(name)?.Demand ?? 0));
        var permits = 0;
        var most = Math.Min(claimant.Demand, (int)_terms.PerRound);
        for (var start = claimant.Start; permits < most; start += 1m / claimant.Weight)
        {
            // Who is new gets in advance what the others of this round were given already. Beyond that it leaves them what they are expected to
            // want of the next.
            var floor = start <= To && claimant.IsNew ? 1 - _terms.PerRound
                : isShort ? double.PositiveInfinity
                : start <= To ? 1
                : 1 + ofOthers;
            if (Free - permits < floor)
            {
                break;
            }

            permits++;
        }

        var pool = this with
        {
            Short = isShort || permits < claimant.Demand,
            RoundAt = NextRound is null ? Later(RoundAt, now + _terms.Round) : RoundAt,
        };
        if (permits == 0)
        {
            return (pool.With(name, claimant with { Waits = true }), null);
        }

        var pace = TimeSpan.FromSeconds(permits / _terms.Rate);
        var served = claimant with { Start = claimant.Start + ((decimal)permits / claimant.Weight), Waits = true };
        var last = served.Start - (1m / claimant.Weight);
        var span = (isShort || last <= To) && ToAt > now ? ToAt - now : pace; // what is of this round is spent within it
        return pool.Advance(last, span, now).Give(name, served, permits, TimeSpan.Zero, span / permits, now);
    }

    /// <summary>Gives a claimant that waits its grant, and puts it by for one that is expected.</summary>
    private (CapacityPool Pool, PermitGrant Grant) Give(string name, Claimant claimant, int permits, TimeSpan first, TimeSpan spacing, DateTimeOffset now)
    {
        var grant = new PermitGrant(permits, first, spacing, _terms.Validity, claimant.Weight, TimeSpan.Zero) { Mark = Mark };
        var given = new Granted(claimant.Number, now, grant);
        var served = claimant.Waits || permits == 0
            ? claimant with { Waits = false, Demand = claimant.Wanted, Last = given, SeenAt = now }
            : claimant with { Demand = claimant.Wanted, PutBy = given };
        return ((this with { Free = Free - permits }).With(name, served), grant);
    }

    private CapacityPool With(string name, Claimant claimant) => this with
    {
        Claimants = Claimants.SetItem(name, claimant), Demand = Demand + claimant.Demand - (Claimants.GetValueOrDefault(name)?.Demand ?? 0),
    };

    private decimal Present(DateTimeOffset now) =>
        now >= ToAt || ToAt <= FromAt ? To : now <= FromAt ? From : From + ((To - From) * (decimal)((now - FromAt) / (ToAt - FromAt)));

    private CapacityPool Advance(decimal to, TimeSpan span, DateTimeOffset now) =>
        to > To ? this with { From = Present(now), FromAt = now, To = to, ToAt = Later(ToAt, now + span) } : this;

    private CapacityPool Forget(DateTimeOffset now)
    {
        var present = Present(now);
        var gone = Claimants.Where(c => c.Value is { Demand: 0, PutBy: null } claimant && claimant.Start <= present && now - claimant.SeenAt > Remembered);
        return this with { Claimants = Claimants.RemoveRange(gone.Select(c => c.Key)) };
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

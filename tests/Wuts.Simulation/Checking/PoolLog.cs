using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Quotas;
using Wuts.Grains.Quotas;
using Wuts.Simulation.World;
using Wuts.Testing.Checking;

namespace Wuts.Simulation.Checking;

/// <summary>What the pool that tenants share was asked for and gave, seen at its door.</summary>
internal sealed class PoolLog(Limits limits)
{
    private readonly List<Answer> _answers = [];

    /// <summary>A filter of the silo where the pool lives.</summary>
    /// <param name="counts">Whether the silo is one of those that count: one that was given up may go on and give, but nobody spends it.</param>
    public async Task Watch(IIncomingGrainCallContext call, TimeProvider clock, Func<bool> counts)
    {
        var asked = clock.GetUtcNow();
        await call.Invoke();
        if (call.MethodName == nameof(ICapacityPoolGrain.Ask) && call.Request.GetArgument(0) is PoolAsk ask && call.Result is PermitGrant grant && counts())
        {
            _answers.Add(new(asked, clock.GetUtcNow(), ask, grant));
        }
    }

    public IEnumerable<SharedPool> Pools()
    {
        if (limits.Rate is not { } rate)
        {
            yield break;
        }

        var terms = new PoolTerms(rate, new RatePoolOptions().Round);
        var tenants = _answers.GroupBy(answer => answer.Ask.Claimant).Select(answers => new Account(answers.Key, answers, terms.Validity)).ToArray();
        yield return new(
            RatePoolOptions.Dispatch,
            terms.Rate,
            terms.Burst + terms.PerRound,
            tenants.ToImmutableDictionary(tenant => tenant.Id, tenant => (double)limits.WeightOf(tenant.Id)),
            [.. tenants.SelectMany(tenant => tenant.Served).OrderBy(served => served.At)],
            [.. tenants.SelectMany(tenant => tenant.Backlogs)]);
    }

    private sealed record Answer(DateTimeOffset AskedAt, DateTimeOffset At, PoolAsk Ask, PermitGrant Grant)
    {
        public DateTimeOffset GrantedAt => Grant.Mark > 0 ? new(Grant.Mark, TimeSpan.Zero) : At;
    }

    /// <summary>
    /// A tenant wants more from a question that is not answered in full until the next, which comes as soon as it has spent what it got.
    /// What it gives back it was not served, and when it does, it did not want more.
    /// </summary>
    private sealed class Account
    {
        private readonly TimeSpan _patience;
        private readonly List<(Served Served, long Mark)> _served = [];
        private TenantBacklog? _open;

        public Account(string id, IEnumerable<Answer> answers, TimeSpan patience)
        {
            (Id, _patience) = (id, patience);
            Answer? last = null;
            foreach (var answer in answers)
            {
                if (answer.Ask.Number < last?.Ask.Number)
                {
                    continue; // it was late, and has had its answer
                }

                var repeated = answer.Ask.Number == last?.Ask.Number;
                if (repeated && last!.Grant.Permits > 0 && answer.At < last.At + patience)
                {
                    continue; // the same grant again
                }

                TakeBack(repeated ? last!.Grant.Permits : answer.Ask.Unused, repeated ? last!.Grant.Mark : answer.Ask.UnusedMark);
                Note(answer);
                last = answer;
            }

            Close();
        }

        public string Id { get; }

        public IEnumerable<Served> Served => _served.Select(of => of.Served);

        public List<TenantBacklog> Backlogs { get; } = [];

        // The last of the grant that it names, as permits are spent in order; what has another origin is of later ones.
        private void TakeBack(int permits, long mark)
        {
            if (permits > 0)
            {
                Close();
            }

            for (; permits > 0 && _served.FindLastIndex(of => of.Mark == mark) is var last && (last >= 0 || (last = _served.Count - 1) >= 0); permits--)
            {
                _served.RemoveAt(last);
            }
        }

        private void Note(Answer answer)
        {
            if (answer.Ask.Demand == 0)
            {
                Close();
                return;
            }

            if (_open is not null && answer.AskedAt > _open.Until + _patience)
            {
                Close();
            }

            _open = new(Id, _open?.From ?? answer.AskedAt, answer.At);
            for (var i = 0; i < answer.Grant.Permits; i++)
            {
                var usable = answer.At + answer.Grant.First + (answer.Grant.Spacing * i);
                _served.Add((new(usable > answer.At ? usable : answer.At, Id) { GrantedAt = answer.GrantedAt }, answer.Grant.Mark));
            }

            if (answer.Grant.Permits >= answer.Ask.Demand)
            {
                Close();
            }
        }

        private void Close()
        {
            if (_open is { } open)
            {
                Backlogs.Add(open);
                _open = null;
            }
        }
    }
}

using System.Collections.Immutable;
using Wuts.Domain.Quotas;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Quotas;

/// <summary>What happens to those who share a pool, as chances in a thousand.</summary>
/// <param name="Latency">Milliseconds an answer takes at most.</param>
/// <param name="Loss">Of an answer, to be lost.</param>
/// <param name="Leave">Of a tenant, each millisecond, to have no more to send. The others are the same.</param>
internal sealed record Disturbances(int Latency = 0, int Loss = 0, int Leave = 0, int Join = 0, int KillPool = 0, int KillTenant = 0);

/// <summary>A pool and those who use it, a millisecond at a time: answers take time and are lost, tenants come and go, the pool dies.</summary>
internal sealed class PoolWorld(PoolTerms terms, ImmutableArray<int> weights, int seed)
{
    // A seed repeats a run.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);
    private readonly Tenant[] _tenants = [.. weights.Select((weight, i) => new Tenant($"t{i}", weight))];
    private CapacityPool _pool = CapacityPool.Open(terms, T0);
    private int _pools;

    public Disturbances Disturbances { get; init; } = new();

    public List<int> Uses { get; } = [];

    public int Now { get; private set; }

    private DateTimeOffset Clock => T0.AddMilliseconds(Now);

    /// <summary>Permits that could have been used: the rate, while anybody wanted them and the pool was there.</summary>
    public double Usable { get; private set; }

    /// <summary>The most that one of two got ahead of the other, for their weights, over any time in which both had more to send.</summary>
    public double LargestLag { get; private set; }

    public IReadOnlyList<int> Served => [.. _tenants.Select(t => t.Served)];

    public PoolWorld Run(int milliseconds, Func<int, bool>? startsBacklogged = null)
    {
        for (var i = 0; i < _tenants.Length; i++)
        {
            _tenants[i].Backlogged = startsBacklogged?.Invoke(i) ?? true;
        }

        for (var end = Now + milliseconds; Now < end; Now++)
        {
            Disturb();
            TurnPool();
            foreach (var tenant in _tenants.OrderBy(_ => _random.Next()).ToArray())
            {
                Step(tenant);
            }

            Usable += Now - _pools > (2 * terms.Validity.TotalMilliseconds) && _tenants.Any(t => t.Backlogged) ? terms.Rate / 1000 : 0;
            Measure();
        }

        return this;
    }

    public void Send(int tenant, int messages) => (_tenants[tenant].Backlogged, _tenants[tenant].Left) = (true, messages);

    private bool Happens(int inThousand) => inThousand > 0 && _random.Next(1000) < inThousand;

    private void Disturb()
    {
        foreach (var tenant in _tenants)
        {
            if (tenant.Backlogged ? Happens(Disturbances.Leave) : Happens(Disturbances.Join))
            {
                tenant.Backlogged = !tenant.Backlogged;
            }

            if (Happens(Disturbances.KillTenant))
            {
                tenant.Die(); // what it held is lost, and nobody knows how much of it was used
            }
        }

        if (Happens(Disturbances.KillPool))
        {
            _pool = CapacityPool.Open(terms, Clock);
            _pools = Now;
            foreach (var tenant in _tenants.Where(t => t.Asking))
            {
                tenant.RepeatAt = Now + 5;
            }
        }
    }

    private void TurnPool()
    {
        var before = _pool;
        (_pool, var grants) = _pool.Turn(Clock);
        foreach (var tenant in _tenants.Where(t => t.Fresh && !ReferenceEquals(before, _pool)))
        {
            tenant.Fresh = !tenant.Backlogged || tenant.CutOff || !tenant.HasAsked;
            tenant.Since = Now;
        }

        foreach (var (name, grant) in grants)
        {
            Answer(_tenants.Single(t => t.Name == name), grant);
        }
    }

    private void Answer(Tenant tenant, PermitGrant grant)
    {
        if (Happens(Disturbances.Loss))
        {
            var patience = Happens(300) ? 500 : 20;
            tenant.RepeatAt = Now + patience;
            tenant.CutOff |= patience > terms.Round.TotalMilliseconds;
        }
        else
        {
            tenant.Answers.Enqueue((Now + _random.Next(Disturbances.Latency + 1), grant));
            tenant.RepeatAt = int.MaxValue;
        }
    }

    private void Step(Tenant tenant)
    {
        if (tenant.Answers.TryPeek(out var answer) && answer.At <= Now)
        {
            tenant.Answers.Dequeue();
            tenant.Asking = false;
            tenant.Fresh |= tenant.CutOff;
            tenant.CutOff = false;
            tenant.Number++;
            tenant.Lease = PermitLease.Of(answer.Grant, Clock);
        }

        while (tenant.Backlogged && tenant.Lease.Spend(Clock) is { } rest)
        {
            tenant.Lease = rest;
            tenant.Use();
            Uses.Add(Now);
        }

        var dry = tenant.Lease.NextUsable(Clock) is null;
        if (!tenant.Asking && (tenant.Backlogged ? dry : tenant.Lease.Unused > 0))
        {
            tenant.Asking = true;
            tenant.RepeatAt = Now;
            tenant.Question = new(tenant.Name, tenant.Number, tenant.Weight, tenant.Backlogged ? tenant.Demand(terms) : 0, tenant.Lease.Unused) { UnusedMark = tenant.Lease.Mark };
            tenant.Lease = PermitLease.None;
        }

        if (tenant.Asking && tenant.RepeatAt <= Now)
        {
            tenant.RepeatAt = int.MaxValue;
            tenant.HasAsked |= tenant.Question!.Demand > 0;
            (_pool, var grant) = _pool.Ask(tenant.Question, Clock);
            if (grant is not null)
            {
                Answer(tenant, grant);
            }
        }
    }

    private void Measure()
    {
        foreach (var a in _tenants.Where(t => t.Counts))
        {
            foreach (var b in _tenants.Where(t => t.Counts && string.CompareOrdinal(t.Name, a.Name) > 0))
            {
                var ahead = ((double)a.Served / a.Weight) - ((double)b.Served / b.Weight);
                var since = Math.Max(a.Since, b.Since);
                var (from, low, high) = a.Lags.GetValueOrDefault(b.Name, (-1, ahead, ahead));
                (low, high) = from == since ? (Math.Min(low, ahead), Math.Max(high, ahead)) : (ahead, ahead);
                a.Lags[b.Name] = (since, low, high);
                LargestLag = Math.Max(LargestLag, high - low);
            }
        }

        foreach (var tenant in _tenants.Where(t => !t.Backlogged))
        {
            (tenant.Fresh, tenant.HasAsked) = (true, false);
        }
    }

    private sealed class Tenant(string name, int weight)
    {
        public string Name => name;

        public int Weight => weight;

        public bool Backlogged { get; set; }

        /// <summary>Messages it still has; endless when negative.</summary>
        public int Left { get; set; } = -1;

        public int Since { get; set; }

        /// <summary>Whether it does not hear from the pool for longer than a round.</summary>
        public bool CutOff { get; set; }

        public bool Counts => Backlogged && !CutOff && !Fresh;

        /// <summary>Whether no round has begun since it came, or came back.</summary>
        public bool Fresh { get; set; } = true;

        public bool HasAsked { get; set; }

        public int Served { get; private set; }

        public PermitLease Lease { get; set; } = PermitLease.None;

        public bool Asking { get; set; }

        public long Number { get; set; }

        public PoolAsk? Question { get; set; }

        public int RepeatAt { get; set; } = int.MaxValue;

        public Queue<(int At, PermitGrant Grant)> Answers { get; } = new();

        public Dictionary<string, (int From, double Low, double High)> Lags { get; } = [];

        public int Demand(PoolTerms terms) => Left >= 0 ? Left : (int)Math.Ceiling(terms.Burst);

        public void Use()
        {
            Served++;
            if (Left >= 0)
            {
                Left--;
                Backlogged = Left > 0;
            }
        }

        public void Die()
        {
            Answers.Clear();
            (Asking, HasAsked, Lease, RepeatAt, Number) = (false, false, PermitLease.None, int.MaxValue, Number + 1000);
            CutOff = true;
        }
    }
#pragma warning restore CA5394
}

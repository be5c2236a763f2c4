namespace Wuts.Domain.Quotas;

// What a round has for those who are expected.
public sealed partial record CapacityPool
{
    private (CapacityPool Pool, PermitGrant? Grant) Fetch(string name, Claimant claimant, Granted putBy, DateTimeOffset now)
    {
        var permits = Math.Min(putBy.Grant.Permits, claimant.Demand);
        var returned = putBy.Grant.Permits - permits;
        var fetched = claimant with { Start = claimant.Start - ((decimal)returned / claimant.Weight) };
        var grant = putBy.Grant with { Permits = permits };
        fetched = fetched with { Last = putBy with { Number = claimant.Number, Grant = grant } };
        return (Return(returned, putBy.Grant.Mark).With(name, fetched), grant.After(now - putBy.At));
    }

    // Who was expected and did not come is forgotten until it asks again.
    private CapacityPool TakeBack()
    {
        var pool = this;
        foreach (var (name, claimant) in Claimants.Where(c => c.Value.PutBy is not null).OrderBy(c => c.Value.Order)) // an order that no hash decides
        {
            var permits = claimant.PutBy!.Grant.Permits;
            var missed = claimant with { Start = claimant.Start - ((decimal)permits / claimant.Weight), Demand = 0, PutBy = null };
            pool = pool.Return(permits, claimant.PutBy.Grant.Mark).With(name, missed);
        }

        return pool;
    }
}

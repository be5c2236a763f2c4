namespace Wuts.Domain.Quotas;

public sealed partial record CapacityPool
{
    /// <param name="Start">When its next permit starts in virtual time.</param>
    /// <param name="Wanted">What it said that it can use in a round.</param>
    /// <param name="Demand">What it wants of the next division: the same again, until it stays away.</param>
    /// <param name="Order">Of claimants with the same start, who came first goes first, always.</param>
    /// <param name="Waits">Whether its question is not answered yet.</param>
    /// <param name="Last">Its last answer, for a question that is repeated.</param>
    /// <param name="PutBy">What this round has for it, should it ask.</param>
    private sealed record Claimant(
        decimal Start, int Weight, int Wanted, int Demand, long Order, long Number, DateTimeOffset SeenAt, bool Waits = false, Granted? Last = null, Granted? PutBy = null)
    {
        /// <summary>Whether it was not there when this round began.</summary>
        public bool IsNew { get; init; }
    }

    private sealed record Granted(long Number, DateTimeOffset At, PermitGrant Grant);
}

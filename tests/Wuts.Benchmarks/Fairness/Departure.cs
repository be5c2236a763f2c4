namespace Wuts.Benchmarks.Fairness;

/// <summary>A message that left its device.</summary>
/// <param name="AcceptedAt">As stored, in seconds.</param>
/// <param name="ClaimedAt">When it was first claimed, directly after its permit was spent, in seconds.</param>
/// <param name="SentAt">When the network took it, in seconds; infinite when nobody knows, as its silo was killed.</param>
internal readonly record struct Departure(string Tenant, double AcceptedAt, double ClaimedAt, double SentAt)
{
    public double Wait => SentAt - AcceptedAt;
}

namespace Wuts.Benchmarks.Fairness;

/// <summary>When the parts of a run took place.</summary>
/// <param name="Alone">The quiet tenants sent, and nobody else.</param>
/// <param name="Queueing">The noisy tenant queued.</param>
/// <param name="Beside">The quiet ones sent beside it.</param>
/// <param name="Equal">All had more queued than the rate lets through, at equal weights.</param>
/// <param name="SinceKill">That went on after a silo was killed; <c>null</c> when none was.</param>
/// <param name="Weighted">The same as <see cref="Equal"/>, at unequal weights.</param>
/// <param name="Repeated">Sends that were answered with a 503 and repeated, in all of them.</param>
internal sealed record FairnessTimes(
    Stretch Alone, Stretch Queueing, Stretch Beside, Stretch Equal, Stretch? SinceKill, Stretch Weighted, int Repeated);

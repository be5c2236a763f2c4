namespace Wuts.Domain.Webhooks;

/// <summary>
/// Keeps a dead endpoint from eating the outbox: after some failures in a row no new event is tried until a pause is over, then
/// one at a time until one succeeds. Events that were not tried stay where they are, in order.
/// </summary>
/// <param name="Failures">Failures since the last success.</param>
/// <param name="OpenUntil">Nothing is tried before this.</param>
public sealed record EndpointCircuit(int Failures, DateTimeOffset OpenUntil)
{
    public const int Threshold = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    public static EndpointCircuit Closed { get; } = new(0, DateTimeOffset.MinValue);

    public bool IsClosed => Failures < Threshold;

    public bool MayTry(DateTimeOffset now) => now >= OpenUntil;

    public EndpointCircuit Succeeded() => Failures == 0 ? this : Closed;

    /// <summary>An attempt failed. What was under way when a pause began says nothing new: its failure does not make the pause longer.</summary>
    /// <param name="jitter">0 to 1; up to a quarter is added to the pause.</param>
    public EndpointCircuit Failed(DateTimeOffset now, double jitter)
    {
        if (!MayTry(now))
        {
            return this;
        }

        var failures = Failures + 1;
        if (failures < Threshold)
        {
            return this with { Failures = failures };
        }

        var pause = FirstPause * Math.Pow(2, Math.Min(failures - Threshold, 16));
        return new(failures, now + (pause < LongestPause ? pause : LongestPause) * (1 + jitter / 4));
    }
}

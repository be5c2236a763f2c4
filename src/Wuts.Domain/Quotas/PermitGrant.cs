using Orleans;

namespace Wuts.Domain.Quotas;

/// <summary>
/// Permits on their way from a pool to a tenant, or from a tenant to one of its devices. Times are relative to when it is received, for
/// the clocks of two silos differ.
/// </summary>
/// <param name="Permits">How many messages it allows; 0 when there is nothing yet.</param>
/// <param name="First">When the first may be spent; negative when that was before.</param>
/// <param name="Spacing">Between one and the next, so that a block is spent evenly over its round.</param>
/// <param name="ValidFor">After this what is left is worth nothing.</param>
/// <param name="Weight">The tenant's share of what is shared with others, at least 1.</param>
/// <param name="AskAfter">Not worth asking again before this.</param>
[GenerateSerializer, Immutable, Alias("wuts.permit-grant")]
public sealed record PermitGrant(
    [property: Id(0)] int Permits,
    [property: Id(1)] TimeSpan First,
    [property: Id(2)] TimeSpan Spacing,
    [property: Id(3)] TimeSpan ValidFor,
    [property: Id(5)] int Weight,
    [property: Id(6)] TimeSpan AskAfter)
{
    /// <summary>
    /// The pool's mark of it, told with those permits of it that come back unused: when it was given, by the clock of the pool, in ticks, and
    /// higher than any before. 0 when the permits are not rationed.
    /// </summary>
    [Id(7)] public long Mark { get; init; }

    /// <summary>Nothing, and no word when there will be.</summary>
    public static PermitGrant Nothing(TimeSpan askAfter) => new(0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 1, askAfter);

    /// <summary>The same grant as it is after a while: what was usable by then is usable at once.</summary>
    public PermitGrant After(TimeSpan elapsed)
    {
        var valid = ValidFor - elapsed;
        return this with { First = First - elapsed, ValidFor = valid > TimeSpan.Zero ? valid : TimeSpan.Zero };
    }
}

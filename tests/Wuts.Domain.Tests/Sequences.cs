using FsCheck;
using FsCheck.Fluent;

namespace Wuts.Domain.Tests;

/// <summary>Sequences of things that happen, for properties: a failing one is shortened by leaving steps out.</summary>
internal static class Sequences
{
    public static Arbitrary<T[]> Of<T>(Gen<T> step) => Arb.From(Gen.ArrayOf(step), Shorter);

    /// <summary>The same steps in another order, some of them more than once.</summary>
    public static Gen<T[]> ShuffledWithRepeats<T>(T[] steps) =>
        from repeats in steps.Length == 0 ? Gen.Constant(Array.Empty<T>()) : Gen.ArrayOf(Gen.Elements(steps))
        from order in Gen.Shuffle(steps.Concat(repeats))
        select order.ToArray();

    private static IEnumerable<T[]> Shorter<T>(T[] steps)
    {
        if (steps.Length > 3)
        {
            yield return steps[..(steps.Length / 2)];
            yield return steps[(steps.Length / 2)..];
        }

        for (var i = 0; i < steps.Length; i++)
        {
            yield return [.. steps[..i], .. steps[(i + 1)..]];
        }
    }
}

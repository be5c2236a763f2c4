using FsCheck;
using FsCheck.Fluent;

namespace Wuts.Domain.Tests;

/// <summary>Properties: rules that hold for every value. A failure prints the value, the shortest found, and the seed that replays it.</summary>
internal static class Law
{
    public static void ForAll<T>(Arbitrary<T> values, Action<T> rule, int runs = 200) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs).WithQuietOnSuccess(true), Prop.ForAll(values, rule));

    public static void ForAll<T>(Gen<T> values, Action<T> rule, int runs = 200) => ForAll(values.ToArbitrary(), rule, runs);
}

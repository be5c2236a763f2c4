using Wuts.Simulation.Runner;
using Wuts.Simulation.Variants;

namespace Wuts.Simulation.Tests;

// The checker is checked. `make simulate VARIANTS=1` prints the table of the README, from the first seed on.
public sealed class VariantTests
{
    // Where the first seed does not show it. A stale entry costs time, and is wrong only if 500 seeds do not show it.
    private static readonly Dictionary<string, int> FirstSeedToShowIt = new()
    {
        ["broken-link-taken-for-refusal"] = 4,
        ["consent-not-asked-at-acceptance"] = 12,
        ["contacts-in-memory"] = 12,
        ["epoch-not-raised"] = 21,
        ["first-come-first-served"] = 3,
        ["outcome-not-durable"] = 3,
        ["pace-forgotten-on-a-move"] = 17,
        ["pace-ignored"] = 5,
        ["quotas-in-memory"] = 13,
        ["resend-after-unknown"] = 4,
        ["session-under-any-epoch"] = 21,
        ["usage-counted-twice"] = 13,
        ["webhook-progress-ahead-of-delivery"] = 3,
    };

    public static TheoryData<string> Names => [.. BrokenVariants.All.Select(variant => variant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_broken_product_is_caught(string variant)
    {
        var hunt = VariantHunt.Hunt(BrokenVariants.Find(variant)!, FirstSeedToShowIt.GetValueOrDefault(variant, 1));

        Assert.True(hunt.Caught is not null, VariantHunt.Line(hunt));
    }
}

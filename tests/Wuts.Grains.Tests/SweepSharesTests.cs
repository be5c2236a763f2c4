using Wuts.Grains.Hosting;

namespace Wuts.Grains.Tests;

public sealed class SweepSharesTests
{
    private const int Keys = 6000;

    public static TheoryData<int, string> Clusters
    {
        get
        {
            var clusters = new TheoryData<int, string>();
            foreach (var silos in (int[])[1, 2, 3, 4, 7, 8, 16, 30])
            {
                foreach (var form in (string[])["{0:x32}/{1:x32}", "acme/device-{2}", "t{2}/t{2}", "acme/3EB0{0:X20}"])
                {
                    clusters.Add(silos, form);
                }
            }

            return clusters;
        }
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void Every_key_falls_to_one_silo_and_each_silo_gets_its_part(int silos, string form)
    {
        var random = new Random(silos);
        var taken = new int[silos];
        for (var n = 0; n < Keys; n++)
        {
            var key = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, random.NextInt64(), random.NextInt64(), n);
            taken[Assert.Single(Enumerable.Range(0, silos), place => SweepShares.Includes(key, place, silos))]++;
        }

        // Six standard deviations of chance: an uneven rule is far outside.
        var mean = (double)Keys / silos;
        Assert.All(taken, count => Assert.InRange(count, mean - (6 * Math.Sqrt(mean)), mean + (6 * Math.Sqrt(mean))));
    }

    [Fact]
    public void A_silo_that_is_not_among_them_wakes_nothing() =>
        Assert.DoesNotContain(Enumerable.Range(0, 100), n => SweepShares.Includes($"acme/device-{n}", -1, 3) || SweepShares.Includes($"acme/device-{n}", 3, 3));

    [Fact]
    public void A_silo_alone_and_not_known_to_the_membership_wakes_nothing() => Assert.False(SweepShares.Includes("acme/device-1", -1, 0));
}

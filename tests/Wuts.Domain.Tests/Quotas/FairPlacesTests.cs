using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Quotas;

namespace Wuts.Domain.Tests.Quotas;

public sealed class FairPlacesTests
{
    private const int Places = 6;
    private static readonly int[] Weights = [1, 1, 2];

    // Below the number of claimants one of them enters; above, one that is inside leaves.
    private static readonly Gen<int> AnyStep = Gen.Frequency((3, Gen.Choose(0, Weights.Length - 1)), (2, Gen.Choose(100, 200)));

    [Fact]
    public void No_place_is_free_while_somebody_waits_and_a_place_goes_to_whoever_has_fewest_for_its_weight() => Law.ForAll(Sequences.Of(AnyStep), steps =>
    {
        var places = new FairPlaces<int>(Places);
        var (held, waiting) = (new int[Weights.Length], new int[Weights.Length]);
        foreach (var step in steps)
        {
            if (step < 100)
            {
                if (places.TryEnter($"t{step}", Weights[step]))
                {
                    held[step]++;
                }
                else
                {
                    places.Wait($"t{step}", Weights[step], step);
                    waiting[step]++;
                }
            }
            else if (held.Sum() > 0)
            {
                var inside = held.Index().Where(t => t.Item > 0).Select(t => t.Index).ToArray();
                var who = inside[step % inside.Length];
                places.Leave($"t{who}");
                held[who]--;
            }

            while (places.TryAdmit(out _, out var admitted))
            {
                var fewest = Enumerable.Range(0, Weights.Length).Where(t => waiting[t] > 0).Min(t => (double)held[t] / Weights[t]);
                Assert.Equal(fewest, (double)held[admitted] / Weights[admitted]);
                held[admitted]++;
                waiting[admitted]--;
            }

            Assert.Equal((Places - held.Sum(), waiting.Sum()), (places.Free, places.Waiting));
            Assert.True(places.Free == 0 || places.Waiting == 0);
        }
    });

    [Fact]
    public void Who_holds_every_place_makes_room_for_another_with_each_that_it_gives_back()
    {
        var places = new FairPlaces<string>(Places);
        for (var i = 0; i < Places; i++)
        {
            Assert.True(places.TryEnter("noisy", 1));
        }

        for (var i = 0; i < Places; i++)
        {
            places.Wait("noisy", 1, "noisy");
        }

        places.Wait("quiet", 1, "quiet");
        places.Leave("noisy");

        Assert.True(places.TryAdmit(out var key, out _));
        Assert.Equal("quiet", key);
    }
}

using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Quotas;

namespace Wuts.Domain.Tests.Quotas;

public sealed class FairQueueTests
{
    private static readonly int[] Weights = [1, 2, 5, 1];

    // A claimant that is negative asks for service; the others bring an item.
    private static readonly Gen<int> AnyStep = Gen.Frequency((3, Gen.Choose(0, Weights.Length - 1)), (2, Gen.Constant(-1)));

    [Fact]
    public void Of_two_claimants_that_always_wait_none_gets_further_ahead_than_one_item_of_each() => Law.ForAll(
        Sequences.Of(AnyStep), steps => Run([.. Enumerable.Range(0, 40).SelectMany(i => new[] { i % 3, i % 3 }), .. steps, .. Enumerable.Repeat(-1, 100)], (_, served, since) =>
        {
            foreach (var (a, b) in from a in Enumerable.Range(0, Weights.Length) from b in Enumerable.Range(0, a) select (a, b))
            {
                if (since[a] is { } sinceA && since[b] is { } sinceB)
                {
                    // The differences since both have been waiting; the largest minus the smallest is the worst interval.
                    var differences = served.Skip(Math.Max(sinceA, sinceB)).Aggregate(
                        new List<double> { 0 },
                        (list, who) =>
                        {
                            list.Add(list[^1] + (who == a ? 1.0 / Weights[a] : who == b ? -1.0 / Weights[b] : 0));
                            return list;
                        });
                    Assert.InRange(differences.Max() - differences.Min(), 0, (1.0 / Weights[a]) + (1.0 / Weights[b]) + 1e-9);
                }
            }
        }), runs: 15);

    [Fact]
    public void Each_claimants_items_are_served_in_their_order_and_none_is_left() => Law.ForAll(Sequences.Of(AnyStep), steps =>
    {
        var queue = new FairQueue<int, int>();
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i] >= 0)
            {
                queue.Enqueue(steps[i], Weights[steps[i]], i);
            }
        }

        var served = new List<(int Key, int Item)>();
        while (queue.TryDequeue(out var key, out var item))
        {
            served.Add((key, item));
        }

        Assert.Equal(steps.Count(s => s >= 0), served.Count);
        Assert.All(served.GroupBy(s => s.Key), own => Assert.Equal(own.Select(s => s.Item).Order(), own.Select(s => s.Item)));
        Assert.Equal((0, 0), (queue.Count, queue.Claimants));
    });

    [Fact]
    public void Who_comes_late_has_nothing_saved_up()
    {
        var queue = new FairQueue<string, int>();
        for (var i = 0; i < 100; i++)
        {
            queue.Enqueue("early", 1, i);
        }

        for (var i = 0; i < 50; i++)
        {
            queue.TryDequeue(out _, out _);
        }

        for (var i = 0; i < 10; i++)
        {
            queue.Enqueue("late", 1, i);
        }

        var next = Enumerable.Range(0, 10).Select(_ => queue.TryDequeue(out var key, out var _) ? key : null).ToArray();

        Assert.InRange(next.Count(key => key == "late"), 4, 6);
    }

    private static void Run(int[] steps, Action<int, List<int>, int?[]> rule)
    {
        var queue = new FairQueue<int, int>();
        var served = new List<int>();
        var since = new int?[Weights.Length];
        foreach (var step in steps)
        {
            if (step >= 0)
            {
                queue.Enqueue(step, Weights[step], 0);
                since[step] ??= served.Count;
            }
            else if (queue.TryDequeue(out var key, out _))
            {
                served.Add(key);
                rule(key, served, since);
                since[key] = queue.CountOf(key) == 0 ? null : since[key];
            }
        }
    }
}

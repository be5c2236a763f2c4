using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Sending;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Sending;

/// <summary>What the lanes promise whatever arrives, with any weights that are allowed.</summary>
public sealed class LaneLawsTests
{
    private static readonly Lane[] All = Enum.GetValues<Lane>();

    private static readonly Gen<LaneWeights> AnyWeights =
        from authentication in Gen.Choose(1, 100)
        from utility in Gen.Choose(1, 100)
        from marketing in Gen.Choose(1, 100)
        let weights = new LaneWeights(authentication, utility, marketing)
        where !All.Any(weights.Starves)
        select weights;

    /// <summary>Before each departure: which messages arrive, by category and chat.</summary>
    private static readonly Gen<(LaneWeights Weights, (Category Category, int Chat)[][] Arrivals)> AnyTraffic =
        from weights in AnyWeights
        from calm in Gen.Choose(0, 3)
        from arrivals in Gen.ArrayOf(
            Gen.ArrayOf(Gen.Zip(Gen.Elements(Enum.GetValues<Category>()), Gen.Choose(0, 40))).Select(burst => burst.Take(5 - calm).ToArray()), 100)
        select (weights, arrivals);

    [Fact]
    public void A_lane_that_always_has_something_due_gets_its_part_of_any_run_of_departures() => ForAllRuns((weights, run) =>
    {
        foreach (var lane in All)
        {
            var part = (double)weights[lane] / weights.Total;
            for (var from = 0; from < run.Count; from++)
            {
                var own = 0;
                for (var to = from; to < run.Count && run[to].Backlogged.Contains(lane); to++)
                {
                    own += run[to].Lane == lane ? 1 : 0;
                    var departures = to - from + 1;
                    if (own < departures * part - 2)
                    {
                        Assert.Fail($"{lane} of {weights}: {own} of {departures} departures from {from} on.");
                    }
                }
            }
        }
    });

    [Fact]
    public void Of_any_forty_departures_one_at_least_is_of_each_lane_that_always_has_something_due() => ForAllRuns((_, run) =>
    {
        for (var from = 0; from + 40 <= run.Count; from++)
        {
            var window = run.GetRange(from, 40);
            Assert.All(All.Where(lane => window.TrueForAll(d => d.Backlogged.Contains(lane))), lane => Assert.Contains(window, d => d.Lane == lane));
        }
    });

    [Fact]
    public void Something_leaves_whenever_something_is_due() => ForAllRuns((_, run) => Assert.All(run, d => Assert.Equal(d.Backlogged.Length > 0, d.Id is not null)));

    [Fact]
    public void A_password_waits_for_those_before_it_and_the_other_lanes_turns_meanwhile() => ForAllRuns((weights, run) =>
    {
        var part = (double)weights[Lane.Authentication] / weights.Total;
        for (var i = 0; i < run.Count; i++)
        {
            foreach (var (password, before) in run[i].Passwords)
            {
                var left = run.FindIndex(i, d => d.Id == password);
                var waited = (left < 0 ? run.Count : left) - i;
                if (waited > (before + 1) / part + 2)
                {
                    Assert.Fail($"{password} waited for {waited} departures, with {before} before it, {weights}.");
                }
            }
        }
    });

    [Fact]
    public void In_each_chat_they_leave_in_the_order_of_their_places() => ForAllRuns((_, run) => Assert.All(
        run.Where(d => d.Id is not null).GroupBy(d => d.Chat),
        chat => Assert.Equal(chat.Select(d => d.Position).Order(), chat.Select(d => d.Position))));

    private static void ForAllRuns(Action<LaneWeights, List<Departure>> law) =>
        Law.ForAll(AnyTraffic, traffic => law(traffic.Weights, Run(traffic.Weights, traffic.Arrivals)), runs: 20);

    /// <summary>One departure a step. Half of a step's messages arrive while the one that leaves is still being typed to, and it gives way where it must.</summary>
    private static List<Departure> Run(LaneWeights weights, (Category Category, int Chat)[][] arrivals)
    {
        var queue = OutboundQueue.Empty with { Weights = weights };
        var waiting = new List<QueuedMessage>();
        var run = new List<Departure>();
        var position = 0;
        foreach (var burst in arrivals)
        {
            var passwords = new List<(string, int)>();
            Arrive(burst[..(burst.Length / 2)]);
            var leaving = Choose();
            Arrive(burst[(burst.Length / 2)..]);
            if (leaving.Id is not null && queue.GivesWayAt() <= T0)
            {
                queue = queue.GiveWay(leaving.Id);
                leaving = Choose();
            }

            run.Add(leaving with { Passwords = [.. passwords] });
            if (leaving.Id is not null)
            {
                queue = queue.Remove(leaving.Id);
                waiting.RemoveAll(m => m.Id == leaving.Id);
            }

            void Arrive((Category Category, int Chat)[] messages)
            {
                foreach (var (category, chat) in messages)
                {
                    var message = LaneTests.Queued($"m{position}", $"c{chat}", position++, category);
                    queue = queue.Add(message);
                    waiting.Add(message);
                    if (category == Category.Authentication)
                    {
                        passwords.Add((message.Id, LanesOfChats().Where(c => c.Lane == Lane.Authentication).Sum(c => c.Count) - 1));
                    }
                }
            }
        }

        return run;

        Departure Choose()
        {
            var next = (queue.Next(T0) as NextDispatch.Now)?.Message;
            queue = next is null ? queue : queue.Begin(next.Id);
            var lanes = LanesOfChats();
            var lane = lanes.FirstOrDefault(c => c.Chat == next?.ChatJid).Lane;
            return new(next?.Id, lane, next?.ChatJid, next?.Position ?? 0, [.. lanes.Select(c => c.Lane).Distinct()], []);
        }

        (string Chat, Lane Lane, int Count)[] LanesOfChats() =>
            [.. waiting.GroupBy(m => m.ChatJid, (chat, messages) => (chat, messages.Min(m => Lanes.Of(m.Category)), messages.Count()))];
    }

    /// <param name="Backlogged">The lanes that had something due when it was chosen.</param>
    /// <param name="Passwords">The passwords that arrived in this step, each with how many messages were in its lane before it.</param>
    private sealed record Departure(string? Id, Lane Lane, string? Chat, long Position, Lane[] Backlogged, (string Id, int Before)[] Passwords);
}

using Wuts.Domain.Sending;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Sending;

public sealed class LaneTests
{
    private static readonly LaneWeights Weights = LaneWeights.Default;

    [Theory]
    [InlineData(Category.Authentication, Lane.Authentication)]
    [InlineData(Category.Utility, Lane.Utility)]
    [InlineData(Category.Service, Lane.Utility)]
    [InlineData(Category.Marketing, Lane.Marketing)]
    public void Each_category_has_its_lane(Category category, Lane lane) => Assert.Equal(lane, Lanes.Of(category));

    [Fact]
    public void A_password_behind_ten_thousand_marketing_messages_is_next_after_the_one_in_flight()
    {
        var queue = Flood(Category.Marketing, 10_000);
        queue = Leave(Leave(queue, out _), out _);
        var inFlight = Next(queue);
        queue = queue.Begin(inFlight).Add(Queued("password", "p", 20_000, Category.Authentication));

        Assert.Equal("password", Next(queue.Remove(inFlight)));
    }

    [Fact]
    public void What_is_due_first_goes_first_within_a_lane_whatever_its_category()
    {
        var queue = Queue(Queued("late", "a", 1, Category.Utility, dueIn: 2), Queued("early", "b", 2, Category.Service, dueIn: 1));

        Assert.Equal(["early", "late"], Drain(queue, T0.AddSeconds(5)));
    }

    [Fact]
    public void Lanes_that_are_always_full_share_the_device_by_their_weights()
    {
        var queue = Flood(Category.Marketing, 500, "m", 0);
        queue = Flood(Category.Utility, 500, "u", 1000, queue);
        queue = Flood(Category.Authentication, 500, "a", 2000, queue);

        var left = Drain(queue, T0).Take(400).ToArray();

        Assert.Equal((280, 100, 20), (left.Count(id => id[0] == 'a'), left.Count(id => id[0] == 'u'), left.Count(id => id[0] == 'm')));
    }

    [Fact]
    public void A_lane_that_pauses_saves_no_turns_up()
    {
        var queue = Flood(Category.Utility, 1000, "u", 0);
        for (var i = 0; i < 500; i++)
        {
            queue = Leave(queue, out _);
        }

        queue = Flood(Category.Marketing, 100, "m", 5000, queue);

        Assert.InRange(Drain(queue, T0).Take(60).Count(id => id[0] == 'm'), 9, 11); // 5 of 30, as from the beginning
    }

    [Fact]
    public void A_chat_goes_with_the_most_urgent_message_that_waits_in_it_and_keeps_its_order()
    {
        var queue = Flood(Category.Utility, 100, "u", 0)
            .Add(Queued("offer", "p", 1000, Category.Marketing))
            .Add(Queued("password", "p", 1001, Category.Authentication));

        Assert.Equal(["offer", "u0", "password", "u1"], Drain(queue, T0).Take(4));
    }

    [Fact]
    public void A_password_that_is_not_durable_yet_hurries_nothing()
    {
        var queue = Flood(Category.Utility, 100, "u", 0)
            .Add(Queued("offer", "p", 1000, Category.Marketing))
            .Reserve(Queued("password", "p", 1001, Category.Authentication));
        queue = Leave(queue, out _);
        queue = Leave(queue, out _); // the first turns of utility and marketing

        Assert.False(queue.Contains("offer"));
        Assert.Equal("u1", Next(queue));
        Assert.Equal("password", Next(queue.Admit("password")));
    }

    [Fact]
    public void What_is_typed_to_gives_way_to_a_password_and_goes_on_after_it()
    {
        var queue = Flood(Category.Marketing, 10);
        queue = queue.Begin("m0");
        Assert.Null(queue.GivesWayAt());

        queue = queue.Add(Queued("password", "p", 100, Category.Authentication, dueIn: 7));
        Assert.Equal(T0.AddSeconds(7), queue.GivesWayAt());
        queue = queue.GiveWay("m0");

        Assert.Null(queue.InFlight);
        Assert.Equal(["password", "m0", "m1"], Drain(queue, T0.AddSeconds(7)).Take(3));
    }

    [Fact]
    public void It_gives_way_only_while_it_is_not_its_own_turn_all_the_same()
    {
        var queue = Flood(Category.Marketing, 1000);
        queue = Leave(queue, out _);
        var interruptions = 0;
        for (var i = 0; Next(queue) is var next; i++)
        {
            queue = queue.Begin(next);
            if (next[0] == 'm')
            {
                queue = queue.Add(Queued($"p{i}", $"p{i}", 5000 + i, Category.Authentication));
                if (queue.GivesWayAt() is null)
                {
                    break;
                }

                interruptions++;
                queue = queue.GiveWay(next);
            }
            else
            {
                queue = queue.Remove(next);
            }
        }

        Assert.InRange(interruptions, 10, 15); // 70 : 5
    }

    [Fact]
    public void Neither_utility_nor_the_chat_that_is_typed_to_makes_it_give_way()
    {
        var queue = Queue(Queued("m", "m", 1, Category.Marketing)).Begin("m");

        Assert.Null(queue.Add(Queued("u", "u", 2)).GivesWayAt());
        Assert.Null(queue.Add(Queued("password", "m", 2, Category.Authentication)).GivesWayAt());
        Assert.Null(Queue(Queued("p1", "a", 1, Category.Authentication)).Begin("p1").Add(Queued("p2", "b", 2, Category.Authentication)).GivesWayAt());
    }

    [Fact]
    public void What_gave_way_costs_its_lane_no_turn()
    {
        var queue = Flood(Category.Marketing, 10).Add(Queued("u", "u", 100));
        var first = Next(queue);

        Assert.Equal(Drain(queue, T0), Drain(queue.Begin(first).GiveWay(first), T0));
        Assert.Same(queue, queue.GiveWay(first));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(5000)]
    public void A_password_is_not_estimated_to_leave_after_the_marketing_that_waits(int marketing)
    {
        var queue = Flood(Category.Marketing, marketing, typing: 3);
        queue = marketing == 0 ? queue : queue.Begin("m0");
        queue = queue.Reserve(Queued("password", "p", 10_000, Category.Authentication, typing: 1));

        Assert.InRange(queue.EstimateDeparture("password", T0) - T0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void A_marketing_message_is_estimated_with_the_turns_of_the_other_lanes()
    {
        var queue = Flood(Category.Utility, 50, "u", typing: 1);
        queue = queue.Add(Queued("m1", "m1", 1000, Category.Marketing, typing: 1)).Add(Queued("m2", "m2", 1001, Category.Marketing, typing: 1));

        var left = Drain(queue, T0);
        Assert.Equal(T0.AddSeconds(left.IndexOf("m1") + 1), queue.EstimateDeparture("m1", T0));
        Assert.Equal(T0.AddSeconds(left.IndexOf("m2") + 1), queue.EstimateDeparture("m2", T0));
    }

    [Fact]
    public void A_weight_below_five_percent_starves_its_lane()
    {
        Assert.All(Enum.GetValues<Lane>(), lane => Assert.False(Weights.Starves(lane)));
        Assert.True(new LaneWeights(70, 26, 4).Starves(Lane.Marketing));
        Assert.True(new LaneWeights(1, 1, 40).Starves(Lane.Utility));
    }

    internal static OutboundQueue Flood(
        Category category, int count, string name = "m", int from = 0, OutboundQueue? onto = null, int typing = 0) =>
        Enumerable.Range(0, count).Aggregate(
            onto ?? OutboundQueue.Empty, (queue, i) => queue.Add(Queued($"{name}{i}", $"{name}{i}", from + i, category, typing: typing)));

    internal static QueuedMessage Queued(
        string id, string chat, long position, Category category = Category.Utility, int dueIn = 0, int typing = 0) =>
        new(id, chat, position, T0.AddSeconds(dueIn), TimeSpan.FromSeconds(typing), Category: category, AcceptedAt: T0);

    private static OutboundQueue Queue(params QueuedMessage[] messages) =>
        messages.Aggregate(OutboundQueue.Empty, (queue, message) => queue.Add(message));

    private static string Next(OutboundQueue queue) => Assert.IsType<NextDispatch.Now>(queue.Next(T0.AddHours(1))).Message.Id;

    private static OutboundQueue Leave(OutboundQueue queue, out string id)
    {
        id = Next(queue);
        return queue.Begin(id).Remove(id);
    }

    private static List<string> Drain(OutboundQueue queue, DateTimeOffset now)
    {
        var left = new List<string>();
        while (queue.Next(now) is NextDispatch.Now { Message.Id: var id })
        {
            left.Add(id);
            queue = queue.Begin(id).Remove(id);
        }

        return left;
    }
}

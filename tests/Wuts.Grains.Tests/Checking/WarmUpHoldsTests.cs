using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class WarmUpHoldsTests
{
    private static readonly DateOnly Day = new(2030, 1, 1);

    // The story begins at ten in the morning.
    private const double Midnight = 14 * 3600;

    [Fact]
    public void As_many_strangers_as_the_day_allows_may_be_written_to() => ((History)Strangers(2)).IsHealthy();

    [Fact]
    public void And_no_more() => ((History)Strangers(3)).BreaksOnly(Invariant.WarmUpHolds, "m2");

    [Fact]
    public void Who_was_written_to_before_is_no_stranger() => ((History)Strangers(2).Message("again", asked: 50, chat: Person(0))).IsHealthy();

    [Fact]
    public void Nor_is_who_wrote_first() => Strangers(3).But(h => h with { WatchedEndpoints = [], Inbound = [Wrote(Person(1), 1)] }).IsHealthy();

    [Fact]
    public void Who_answers_was_one() => Strangers(3).But(h => h with { WatchedEndpoints = [], Inbound = [Wrote(Person(1), 15)] }).BreaksOnly(Invariant.WarmUpHolds, "m2");

    [Fact]
    public void What_the_network_brought_may_be_known_before_it_has_our_word() =>
        Strangers(3).But(h => h with { WatchedEndpoints = [], Inbound = [Wrote(Person(1), 15) with { CameAt = Story.At(1) }] }).IsHealthy();

    [Fact]
    public void Who_wrote_to_another_device_is_a_stranger_to_this_one() =>
        Strangers(3).But(h => h with { WatchedEndpoints = [], Inbound = [Wrote(Person(1), 1) with { DeviceId = "d2" }] }).BreaksOnly(Invariant.WarmUpHolds, "m2");

    [Fact]
    public void Another_day_has_places_of_its_own() => ((History)Strangers(2).Message("next", asked: Midnight, chat: Person(2))).IsHealthy();

    [Fact]
    public void The_day_is_that_of_the_claim() => ((History)Strangers(2).Message("late", asked: Midnight - 0.25, chat: Person(2)))
        .BreaksOnly(Invariant.WarmUpHolds, "late");

    [Fact]
    public void A_one_time_password_does_not_wait() => Strangers(3).But(h => h).Row("m2", Authentication).IsHealthy();

    [Fact]
    public void But_takes_a_place_of_those_that_come_later() => Strangers(3).But(h => h).Row("m0", Authentication).BreaksOnly(Invariant.WarmUpHolds, "m2");

    [Fact]
    public void Unless_it_was_given_its_place_after_them() => Strangers(3).But(h => h)
        .Row("m0", Authentication)
        .Row("m0", r => r with { Timeline = r.Timeline.Insert(1, new(r.Timeline[0].At, TimelineKind.Released, TimelineSource.Rule, 0)) })
        .IsHealthy();

    [Fact]
    public void Nor_does_what_it_would_have_to_wait_for_in_its_chat() => ((History)Overtaken()).IsHealthy();

    [Fact]
    public void Which_counts_from_when_the_password_came() =>
        ((History)Overtaken().Message("m3", asked: 22, chat: Person(3)).With(h => h with { WarmUpDays = [new("acme", "d1", Day, 3)] }))
            .Row("password", r => r with { Position = long.MaxValue }).IsHealthy();

    [Fact]
    public void A_password_that_was_refused_when_it_came_takes_no_place() =>
        ((History)Overtaken().Message("m3", asked: 22, chat: Person(3)).With(h => h with { WarmUpDays = [new("acme", "d1", Day, 3)] }))
            .Row("password", r => r with { Position = long.MaxValue })
            .But(h => h with
            {
                WatchedEndpoints = [],
                Messages = [.. h.Messages, Refused(h.Messages.Single(row => row.Id == "password"))],
                Requests = [.. h.Requests, h.Requests[^1] with { Chat = Person(2), Payload = "refused", AskedAt = Story.At(4.9), Answer = new ClientAnswer.Refused("opted_out", "refused") }],
            })
            .IsHealthy();

    [Fact]
    public void Places_are_given_in_the_order_of_acceptance() => Strangers(3).But(h => h)
        .Row("m0", Authentication)
        .Row("m0", r => r with { AcceptedAt = Story.At(20.15), DueAt = Story.At(0.1), Position = long.MaxValue })
        .IsHealthy();

    [Fact]
    public void Which_is_the_devices_whatever_their_times() => Strangers(3).But(h => h)
        .Row("m0", Authentication)
        .Row("m0", r => r with { Position = long.MaxValue })
        .IsHealthy();

    [Theory]
    [InlineData(0, true)]
    [InlineData(-Midnight, false)]
    public void What_the_network_would_not_take_leaves_its_place_of_that_day_to_the_next_in_its_chat(double claimed, bool isHealthy)
    {
        var story = new Story()
            .Message("refused", asked: claimed, life: [Story.Claimed(claimed + 0.2), Story.Failed(claimed + 1)], chat: Person(2), left: [])
            .Message("m0", asked: 10, chat: Person(0))
            .Message("password", asked: 20, chat: Person(1))
            .Message("next", asked: 30, chat: Person(2))
            .With(h => h with { WarmUpDays = [new("acme", "d1", Day, 2)] })
            .But(h => h.Row("password", Authentication));

        if (isHealthy)
        {
            story.IsHealthy();
        }
        else
        {
            story.BreaksOnly(Invariant.WarmUpHolds, "next");
        }
    }

    [Fact]
    public void Groups_are_no_strangers() => ((History)Strangers(2).Message("group", asked: 50, chat: "551199999000-1@g.us")).IsHealthy();

    private static StoredMessage Authentication(StoredMessage row) => row with { Category = Category.Authentication };

    // Ten seconds from each to the next, on a day that allows two.
    private static Story Strangers(int count) => Enumerable.Range(0, count)
        .Aggregate(new Story(), (story, i) => story.Message($"m{i}", asked: i * 10, chat: Person(i)))
        .With(h => h with { WarmUpDays = [new("acme", "d1", Day, 2)] });

    // The third was held, until a password came to its chat.
    private static Story Overtaken() => Strangers(2)
        .Message("m2", asked: 20, life: [Story.Claimed(5), Story.Sent(5.5), Story.Delivered(7)], chat: Person(2), left: [5.4])
        .Message("password", asked: 24, life: [Story.Claimed(3), Story.Sent(3.5), Story.Delivered(5)], chat: Person(2), left: [3.4])
        .With(h => h.Row("password", Authentication));

    private static StoredMessage Refused(StoredMessage password) => password with
    {
        Id = "refused", Position = 0, AcceptedAt = Story.At(5), DueAt = Story.At(5), State = MessageState.Rejected, States = [MessageState.Rejected], Timeline = [],
    };

    private static string Person(int i) => Jid.User($"551199999000{i}");

    private static AcknowledgedInbound Wrote(string chat, double at) => new(Story.At(at), "acme", "d1", $"from {chat}") { Chat = chat };
}

using Wuts.Domain.Delivery;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class NotBeforeDueTests
{
    [Fact]
    public void A_message_may_leave_at_the_instant_it_is_due() => DueAt(0.4).IsHealthy();

    [Fact]
    public void And_not_before() => DueAt(0.401).BreaksOnly(Invariant.NotBeforeDue, "a");

    [Fact]
    public void Not_even_the_second_time() => new Story().Message("a", life: Story.Resent, left: [0.4, 4.5])
        .But(h => h.Row("a", r => r with { DueAt = Story.At(0.5) }))
        .BreaksOnly(Invariant.NotBeforeDue, "a");

    [Fact]
    public void Clocks_that_are_apart_are_given_that_much() => (DueAt(0.45) with { ClockTolerance = TimeSpan.FromSeconds(0.05) }).IsHealthy();

    [Fact]
    public void A_client_counts_the_delay_that_it_asked_for_whatever_the_row_says() => new Story().Message("a")
        .But(h => h.Request("a", r => r with { Delay = TimeSpan.FromSeconds(0.5) }))
        .BreaksOnly(Invariant.NotBeforeDue, "a");

    [Fact]
    public void The_delay_counts_from_the_first_time_of_asking() => new Story().Message("a", asked: 10, key: "k")
        .But(h => h.Request("a", r => r with { Delay = TimeSpan.FromSeconds(3) }))
        .But(h => h with { Requests = h.Requests.Add(h.Requests[0] with { AskedAt = Story.At(7), AnsweredAt = null, Answer = new ClientAnswer.None() }) })
        .IsHealthy();

    private static History DueAt(double seconds) => new Story().Message("a").But(h => h.Row("a", r => r with { DueAt = Story.At(seconds) }));
}

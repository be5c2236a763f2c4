using Wuts.Domain.Delivery;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class OneKeyOneMessageTests
{
    private static readonly Story Keyed = new Story().Message("a", key: "k");

    [Fact]
    public void A_repeated_request_is_answered_with_the_same_message() => Keyed.But(h => Again(h, r => r)).IsHealthy();

    [Fact]
    public void Another_payload_is_refused() =>
        Keyed.But(h => Again(h, r => r with { Payload = "other", Answer = new ClientAnswer.Refused("IDEMPOTENCY_KEY_REUSED", "a") })).IsHealthy();

    [Fact]
    public void Not_accepted() => Keyed.But(h => Again(h, r => r with { Payload = "other" })).BreaksOnly(Invariant.OneKeyOneMessage, "a");

    [Fact]
    public void Nor_accepted_as_a_message_of_its_own() =>
        ((History)new Story().Message("a", key: "k").Message("b", asked: 10, chat: Story.OtherChat, key: "k")).BreaksOnly(Invariant.OneKeyOneMessage, "b");

    [Fact]
    public void The_same_request_is_not_two_messages() => new Story().Message("a", key: "k").Message("b", asked: 10, key: "k")
        .But(h => h.Request("b", r => r with { Payload = "hello a" }))
        .But(h => h with { Requests = h.Requests.Add(Unanswered(null)) }) // so that there are not more rows than requests
        .BreaksOnly(Invariant.OneKeyOneMessage, "b");

    [Fact]
    public void Tenants_have_keys_of_their_own() => Keyed
        .But(h => h with { Requests = h.Requests.Add(h.Requests[0] with { TenantId = "other", Answer = new ClientAnswer.Accepted("b", MessageState.Queued) }) })
        .BreaksOnly(Invariant.NoneLost, "b");

    [Theory]
    [InlineData("k2")]
    [InlineData(null)]
    public void Two_requests_are_not_one_message(string? key) =>
        Keyed.But(h => Again(h, r => r with { IdempotencyKey = key })).BreaksOnly(Invariant.OneKeyOneMessage, "a");

    [Fact]
    public void An_id_is_one_row_s() => Keyed
        .But(h => h with { Messages = h.Messages.Add(h.Messages[0] with { Position = 2 }) })
        .BreaksOnly(Invariant.OneKeyOneMessage, "a");

    [Fact]
    public void A_client_that_never_had_an_answer_may_have_made_a_message() => new Story().Message("a").Message("b", asked: 10)
        .But(h => h.Request("b", r => r with { AnsweredAt = null, Answer = new ClientAnswer.None() }))
        .IsHealthy();

    [Fact]
    public void But_not_two() => new Story().Message("a").Message("b", asked: 10).Message("c", asked: 20)
        .But(h => h with { Requests = [h.Requests[0], Unanswered("k"), Unanswered("k")] })
        .BreaksOnly(Invariant.OneKeyOneMessage, "c");

    private static History Again(History history, Func<ClientRequest, ClientRequest> change) =>
        history with { Requests = history.Requests.Add(change(history.Requests[0] with { AskedAt = Story.At(5), AnsweredAt = Story.At(6) })) };

    private static ClientRequest Unanswered(string? key) =>
        new("acme", "d1", Story.Chat, key, "hello", Story.At(8), null, new ClientAnswer.None());
}

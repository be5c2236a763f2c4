using Wuts.Domain.Webhooks;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class WebhooksArriveTests
{
    // "a-0" is message.sent, "a-1" message.delivered; both were taken at the first try.
    private static readonly Story One = new Story().Message("a");

    [Fact]
    public void An_event_that_no_receiver_has_taken_is_lost()
    {
        var refused = One.But(h => h.Try("a-1", t => t with { Took = false }));
        refused.BreaksOnly(Invariant.WebhooksArrive, "a");
        Assert.Empty(Checker.CheckSoFar(refused)); // it may yet arrive
    }

    [Fact]
    public void So_is_one_that_was_never_tried() => One
        .But(h => h with { WebhookTries = h.WebhookTries.RemoveAt(0) })
        .BreaksOnly(Invariant.WebhooksArrive, "a");

    [Fact]
    public void Dead_letters_and_disabled_endpoints_are_told_otherwise() => One
        .But(h => (h with { WebhookTries = [] }).Event("a-0", e => e with { IsDead = true }).Event("a-1", e => e with { Expected = false }))
        .IsHealthy();

    [Fact]
    public void Another_endpoint_s_try_is_not_ours() => One
        .But(h => h with { Events = h.Events.Add(new("w2", 1, WebhookEvents.DeviceConnected, null, "x", Expected: true, IsDead: false)) })
        .But(h => h with { WebhookTries = h.WebhookTries.Add(Try("w1", "x", WebhookEvents.DeviceConnected, null)) })
        .BreaksOnly(Invariant.WebhooksArrive, null, null);

    [Fact]
    public void A_repeated_try_is_the_same_in_every_word() => One.But(h => Repeated(h, t => t)).IsHealthy();

    [Fact]
    public void Not_with_another_body() => One.But(h => Repeated(h, t => t with { Body = "{}" })).BreaksOnly(Invariant.WebhooksArrive, "a");

    [Fact]
    public void Nor_with_another_type() =>
        One.But(h => Repeated(h, t => t with { Type = WebhookEvents.MessageRead })).BreaksOnly(Invariant.WebhooksArrive, "a");

    [Fact]
    public void Nor_about_another_message() => One.But(h => Repeated(h, t => t with { MessageId = "b" })).BreaksOnly(Invariant.WebhooksArrive, "a");

    [Fact]
    public void What_is_posted_is_what_the_outbox_has() => One
        .But(h => h.Try("a-0", t => t with { Type = WebhookEvents.MessageRead }))
        .BreaksOnly(Invariant.WebhooksArrive, "a");

    [Fact]
    public void Nothing_is_posted_that_is_not_in_the_outbox() => One
        .But(h => h with { WebhookTries = h.WebhookTries.Add(Try("w1", "x", WebhookEvents.MessageRead, "a")) })
        .BreaksOnly(Invariant.WebhooksArrive, "a");

    [Fact]
    public void Two_events_of_an_endpoint_have_two_ids() => One
        .But(h => h with { Events = h.Events.Add(new("w1", 3, WebhookEvents.MessageReceived, null, "x", true, false)).Add(new("w1", 4, WebhookEvents.MessageReceived, null, "x", true, false)) })
        .But(h => h with { WebhookTries = h.WebhookTries.Add(Try("w1", "x", WebhookEvents.MessageReceived, null)) })
        .BreaksOnly(Invariant.WebhooksArrive, [null]);

    [Fact]
    public void Every_transition_makes_its_event() => One.But(h => Without(h, "a-0")).BreaksOnly(Invariant.WebhooksArrive, "a");

    [Fact]
    public void Also_where_only_the_end_is_known() => One
        .But(h => Without(h, "a-1").Row("a", r => r with { Timeline = [], States = [] }))
        .BreaksOnly(Invariant.WebhooksArrive, "a");

    [Fact]
    public void But_only_if_the_endpoint_asked_for_it() => One
        .But(h => Without(h, "a-0") with { WatchedEndpoints = [new("w1", "acme", "d1") { Types = [WebhookEvents.MessageDelivered] }] })
        .IsHealthy();

    [Fact]
    public void And_was_there_from_the_beginning() => One.But(h => Without(h, "a-0") with { WatchedEndpoints = [] }).IsHealthy();

    [Fact]
    public void A_corrected_time_is_no_second_event() => ((History)new Story()
        .Message("a", life: [.. Story.Plain]))
        .Row("a", r => r with { Timeline = r.Timeline.Add(Story.Delivered(1.9)) })
        .IsHealthy();

    [Fact]
    public void No_transition_makes_two() => One.But(h => Extra(h, "w1", WebhookEvents.MessageSent, "a")).BreaksOnly(Invariant.WebhooksArrive, "a");

    [Fact]
    public void Each_doubt_makes_one()
    {
        var twice = new Story().Message("a", life:
        [
            Story.Claimed(0.2), Story.Uncertain(1), Story.NotSent(2), Story.Claimed(3, 2), Story.Uncertain(4, 2), Story.Sent(5, 2), Story.Delivered(6, 2),
        ]);
        ((History)twice).IsHealthy();
        twice.But(h => Without(h, "a-1")).BreaksOnly(Invariant.WebhooksArrive, "a");
        twice.But(h => Extra(h, "w1", WebhookEvents.MessageUncertain, "a")).BreaksOnly(Invariant.WebhooksArrive, "a");
    }

    [Theory]
    [InlineData("w1")]
    [InlineData("w2")]
    public void What_never_happened_makes_none(string endpoint) =>
        One.But(h => Extra(h, endpoint, WebhookEvents.MessageRead, "a")).BreaksOnly(Invariant.WebhooksArrive, "a");

    [Fact]
    public void Nor_does_a_message_that_is_not_there() =>
        One.But(h => Extra(h, "w1", WebhookEvents.MessageSent, "stranger")).BreaksOnly(Invariant.WebhooksArrive, "stranger");

    [Fact]
    public void One_device_is_not_told_of_another_s_message() => One
        .But(h => Extra(h, "w2", WebhookEvents.MessageSent, "a") with { WatchedEndpoints = [new("w1", "acme", "d1"), new("w2", "acme", "d2")] })
        .BreaksOnly(Invariant.WebhooksArrive, "a");

    private static WebhookTry Try(string endpoint, string id, string type, string? messageId) => new(Story.At(20), endpoint, id, type, messageId, "{}", Took: true);

    private static History Repeated(History history, Func<WebhookTry, WebhookTry> change) =>
        history with { WebhookTries = history.WebhookTries.Add(change(history.WebhookTries[0]) with { At = Story.At(20) }) };

    private static History Without(History history, string webhookId) => history with
    {
        Events = history.Events.RemoveAll(e => e.WebhookId == webhookId),
        WebhookTries = history.WebhookTries.RemoveAll(t => t.WebhookId == webhookId),
    };

    private static History Extra(History history, string endpoint, string type, string messageId) => history with
    {
        Events = history.Events.Add(new(endpoint, 99, type, messageId, "x", Expected: true, IsDead: false)),
        WebhookTries = history.WebhookTries.Add(Try(endpoint, "x", type, messageId)),
    };
}

using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

/// <summary>Ways to break a history, and to see what the checker says.</summary>
internal static class HistoryChanges
{
    /// <summary>Any other change.</summary>
    public static History But(this History history, Func<History, History> change) => change(history);

    public static History Row(this History history, string id, Func<StoredMessage, StoredMessage> change) =>
        history with { Messages = [.. history.Messages.Select(m => m.Id == id ? change(m) : m)] };

    public static History Request(this History history, string id, Func<ClientRequest, ClientRequest> change) =>
        history with { Requests = [.. history.Requests.Select(r => r.NamedMessage == id ? change(r) : r)] };

    public static History HandOver(this History history, string id, Func<HandOver, HandOver> change) =>
        history with { HandOvers = [.. history.HandOvers.Select(h => h.MessageId == id ? change(h) : h).OrderBy(h => h.At)] };

    public static History Event(this History history, string webhookId, Func<StoredEvent, StoredEvent> change) =>
        history with { Events = [.. history.Events.Select(e => e.WebhookId == webhookId ? change(e) : e)] };

    public static History Try(this History history, string webhookId, Func<WebhookTry, WebhookTry> change) =>
        history with { WebhookTries = [.. history.WebhookTries.Select(t => t.WebhookId == webhookId ? change(t) : t)] };

    /// <summary>Somebody asked for one message more, and had this answer half a second later.</summary>
    public static History RefusedByQuota(this History history, double asked, string policy) => history with
    {
        Requests = history.Requests.Add(new(
            "acme", "d1", Story.Chat, null, "one more", Story.At(asked), Story.At(asked + 0.5), new ClientAnswer.Refused("quota_exceeded") { ViolatedPolicies = [policy] })),
    };

    public static void IsHealthy(this History history) => Assert.Empty(Checker.Check(history));

    /// <summary>Exactly this promise, once for each of these messages.</summary>
    public static void BreaksOnly(this History history, Invariant invariant, params string?[] messageIds) => Assert.Equal(
        messageIds.Select(id => (invariant, id)),
        Checker.Check(history).Select(v => (v.Invariant, v.MessageId)));
}

using System.Collections.Frozen;
using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;

namespace Wuts.Testing.Checking.Rules;

/// <summary>A part of <see cref="Invariant.WebhooksArrive"/>: what happened to a message and the events in the outbox tell the same.</summary>
internal static class TransitionEvents
{
    private static readonly FrozenDictionary<string, TimelineKind> Kinds = new Dictionary<string, TimelineKind>
    {
        [WebhookEvents.MessageSent] = TimelineKind.Sent,
        [WebhookEvents.MessageDelivered] = TimelineKind.Delivered,
        [WebhookEvents.MessageRead] = TimelineKind.Read,
        [WebhookEvents.MessagePlayed] = TimelineKind.Played,
        [WebhookEvents.MessageFailed] = TimelineKind.Failed,
        [WebhookEvents.MessageUncertain] = TimelineKind.Uncertain,
        [WebhookEvents.MessageRejected] = TimelineKind.Rejected,
    }.ToFrozenDictionary();

    public static IEnumerable<Violation> Check(Facts facts) => [.. TooMany(facts), .. Missing(facts)];

    private static IEnumerable<Violation> TooMany(Facts facts)
    {
        var watched = facts.History.WatchedEndpoints.ToDictionary(w => w.EndpointId);
        var told = facts.History.Events.Where(e => e.MessageId is not null && Kinds.ContainsKey(e.Type));
        foreach (var events in told.GroupBy(e => (e.EndpointId, e.Type, MessageId: e.MessageId!)))
        {
            var (endpoint, type, id) = events.Key;
            if (facts.Row(id) is not { } row)
            {
                yield return WebhooksArrive.Broken(id, $"{endpoint} has {type} of {id}, and no row has that id.");
            }
            else if (watched.TryGetValue(endpoint, out var of) && (of.TenantId, of.DeviceId) != (row.TenantId, row.DeviceId))
            {
                yield return WebhooksArrive.Broken(id, $"{endpoint} of {of.TenantId}/{of.DeviceId} has {type} of {id}, a message of {row.TenantId}/{row.DeviceId}.");
            }
            else if (events.Count() > Most(row, type))
            {
                yield return WebhooksArrive.Broken(
                    id, $"{endpoint} has {type} of {id} {events.Count()} times (#{string.Join(", #", events.Select(e => e.Sequence))}); its timeline has reason for {Most(row, type)}.");
            }
        }
    }

    private static IEnumerable<Violation> Missing(Facts facts)
    {
        var told = facts.History.Events.CountBy(e => (e.EndpointId, e.Type, e.MessageId)).ToDictionary();
        var rows = facts.History.Messages.ToLookup(row => (row.TenantId, row.DeviceId));
        return
            from endpoint in facts.History.WatchedEndpoints
            from type in Kinds.Keys.Order(StringComparer.Ordinal)
            where endpoint.Types?.Contains(type) != false
            from row in rows[(endpoint.TenantId, endpoint.DeviceId)]
            let count = told.GetValueOrDefault((endpoint.EndpointId, type, row.Id))
            where count < Least(row, type)
            select WebhooksArrive.Broken(row.Id, $"{endpoint.EndpointId} has {type} of {row.Id} {count} times; its history has reason for {Least(row, type)}.");
    }

    // A message can be uncertain several times, once an attempt, and each is told. Everything else happens once, however often
    // the network corrects its time.
    private static int Most(StoredMessage row, string type) =>
        !row.Timeline.IsEmpty ? Occasions(row, type)
        : Kinds[type] != TimelineKind.Uncertain ? 1
        : row.WasUncertain ? int.MaxValue
        : 0;

    private static int Least(StoredMessage row, string type)
    {
        if (!row.Timeline.IsEmpty)
        {
            return Occasions(row, type);
        }

        return Kinds[type] == TimelineKind.Uncertain ? (row.WasUncertain ? 1 : 0)
            : row.States.Add(row.State).Any(state => state.ToString() == Kinds[type].ToString()) ? 1 : 0;
    }

    private static int Occasions(StoredMessage row, string type)
    {
        var entries = row.Timeline.Count(e => e.Kind == Kinds[type]);
        return Kinds[type] == TimelineKind.Uncertain ? entries : Math.Min(entries, 1);
    }
}

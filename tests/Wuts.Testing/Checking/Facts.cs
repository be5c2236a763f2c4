using System.Collections.Frozen;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;

namespace Wuts.Testing.Checking;

/// <summary>A history, so arranged that rules find what belongs together.</summary>
internal sealed class Facts
{
    private readonly FrozenDictionary<string, StoredMessage> _rows;
    private readonly ILookup<string, Taken> _handOvers;
    private readonly ILookup<string, ClientRequest> _requests;
    private readonly ILookup<string, Claim> _claims;
    private readonly Clock _clock;

    public Facts(History history)
    {
        History = history;
        _clock = new Clock(history);
        _rows = history.Messages.GroupBy(m => m.Id).ToFrozenDictionary(rows => rows.Key, rows => rows.First());
        _handOvers = history.HandOvers.Select((h, place) => new Taken(place, h)).ToLookup(t => t.HandOver.MessageId);

        _claims = (history.Claims ?? [.. history.Messages.SelectMany(ClaimsOf)]).ToLookup(claim => claim.MessageId);

        // A request whose answer names no message may be the one that made it, if its key did.
        var named = history.Requests.Where(r => r.NamedMessage is not null).ToArray();
        var keys = named.Where(r => r.IdempotencyKey is not null).ToLookup(r => (r.TenantId, r.IdempotencyKey), r => r.NamedMessage!);
        _requests = history.Requests
            .SelectMany(r => Names(r).Distinct().Select(id => (Id: id, Request: r)))
            .ToLookup(pair => pair.Id, pair => pair.Request);

        IEnumerable<string> Names(ClientRequest request)
        {
            var underKey = request.IdempotencyKey is null ? [] : keys[(request.TenantId, request.IdempotencyKey)];
            return request.NamedMessage is { } id ? underKey.Append(id) : underKey;
        }
    }

    /// <param name="Place">The place in the network's order, from 0.</param>
    public sealed record Taken(int Place, HandOver HandOver);

    public History History { get; }

    public StoredMessage? Row(string messageId) => _rows.GetValueOrDefault(messageId);

    /// <summary>In the order in which the network took them.</summary>
    public IEnumerable<Taken> HandOversOf(string messageId) => _handOvers[messageId];

    /// <summary>All requests that may have made a message: those that were told its id, and those under the same key.</summary>
    public IEnumerable<ClientRequest> RequestsOf(string messageId) => _requests[messageId];

    /// <summary>The claims of a message that are known, in their order.</summary>
    public IEnumerable<Claim> ClaimsOf(string messageId) => _claims[messageId];

    /// <summary>All claims that are known.</summary>
    public IEnumerable<Claim> Claims => _claims.SelectMany(claims => claims);

    /// <summary>Whether a chat is with one person. Groups and channels neither consent nor are strangers.</summary>
    public static bool IsPerson(string chat) =>
        chat.EndsWith("@" + Jid.UserServer, StringComparison.Ordinal) || chat.EndsWith("@" + Jid.LidServer, StringComparison.Ordinal);

    public string Show(DateTimeOffset at) => _clock.Show(at);

    /// <summary>Surely before, however far the clocks are apart.</summary>
    public bool IsBefore(DateTimeOffset at, DateTimeOffset other) => at + History.ClockTolerance < other;

    /// <summary>Whether a state proves that the network took the message.</summary>
    public static bool ProvesHandOver(MessageState state) =>
        state is MessageState.Sent or MessageState.Delivered or MessageState.Read or MessageState.Played;

    public static bool ProvesHandOver(TimelineKind kind) =>
        kind is TimelineKind.Sent or TimelineKind.Delivered or TimelineKind.Read or TimelineKind.Played;

    private static IEnumerable<Claim> ClaimsOf(StoredMessage row) => row.Timeline
        .Where(e => e.Kind == TimelineKind.Claimed)
        .Select(e => new Claim(e.At, row.TenantId, row.Chat, row.Id, row.Category, e.Attempt));
}

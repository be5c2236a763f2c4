using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Simulation.Network;

// What people do about what they are sent, and what the network makes of it. None of it happens unless a world asks.
public sealed partial class WhatsApp
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly Failure ReachOut = new(FailureCodes.ReachOutTimelock, FailureClass.Quality, Retryable: true, "Only to those who wrote first.");
    private static readonly Failure NewChats = new(FailureCodes.NewChatCap, FailureClass.Policy, Retryable: true, "No more new chats for a time.");

    private readonly List<Conduct> _conduct = [];

    /// <summary>How people behave; <c>null</c>: nobody blocks or answers, and no number is banned for eagerness.</summary>
    public People? People { get; set; }

    /// <summary>The devices that have a number.</summary>
    public IEnumerable<DeviceKey> Devices => _accounts.Keys;

    /// <summary>What people and the network did about numbers, in order.</summary>
    public IReadOnlyList<Conduct> Conduct => _conduct;

    /// <summary>Somebody blocks a number: what it sends to them is taken, and no receipt ever comes.</summary>
    public void Block(DeviceKey device, string chat)
    {
        if (AccountOf(device).Blockers.Add(chat))
        {
            Note(new Conduct.Blocked(node.Clock.GetUtcNow(), device, chat));
        }
    }

    /// <summary>The network rates a number.</summary>
    public void Rate(DeviceKey device, QualityRating rating)
    {
        var now = node.Clock.GetUtcNow();
        Note(new Conduct.Rated(now, device, rating));
        Deliver(device, new DeviceEvent.QualityChanged(rating, now));
    }

    /// <summary>The network keeps a number from strangers, or from opening more than so many chats with them, for a time.</summary>
    /// <param name="remaining">New chats that may be opened yet.</param>
    public void Restrict(DeviceKey device, RestrictionKind kind, TimeSpan time, int remaining = 0)
    {
        var now = node.Clock.GetUtcNow();
        var limit = AccountOf(device).Limits[kind] = new(now + time) { Remaining = remaining };
        Note(new Conduct.Restricted(now, device, kind, limit.Until, remaining));
        Deliver(device, new DeviceEvent.Restricted(kind, limit.Until, now, kind == RestrictionKind.NewChats ? remaining : null));
    }

    private SendOutcome.Refused? RefuseStranger(Account account, OutboundMessage message)
    {
        var now = node.Clock.GetUtcNow();
        if (account.Writers.Contains(message.ChatJid))
        {
            return null;
        }

        if (account.Limits.TryGetValue(RestrictionKind.ReachOut, out var reach) && reach.Until > now)
        {
            return Refuse(RestrictionKind.ReachOut, ReachOut, reach.Until);
        }

        if (account.Limits.TryGetValue(RestrictionKind.NewChats, out var chats) && chats.Until > now && !account.Chats.Contains(message.ChatJid))
        {
            return chats.Remaining > 0 ? null : Refuse(RestrictionKind.NewChats, NewChats, chats.Until);
        }

        return null;

        SendOutcome.Refused Refuse(RestrictionKind kind, Failure failure, DateTimeOffset until)
        {
            Note(new Conduct.Refused(now, account.Device, message.ChatJid, message.ProviderId, kind));
            return new(failure, until - now);
        }
    }

    // Returns whether any receipt follows.
    private bool Mind(Taken taken)
    {
        var account = AccountOf(taken.Device);
        var stranger = !account.Writers.Contains(taken.Chat);
        if (account.Chats.Add(taken.Chat) && stranger && account.Limits.TryGetValue(RestrictionKind.NewChats, out var limit) && limit.Until > taken.At)
        {
            limit.Remaining--;
        }

        if (account.Blockers.Contains(taken.Chat))
        {
            return false;
        }

        if (People is { } people)
        {
            if (stranger && faults.Strikes("recipient-blocks", people.Blocks))
            {
                Block(taken.Device, taken.Chat);
            }

            if (faults.Strikes("recipient-replies", people.Replies))
            {
                Receive(taken.Device, taken.Chat, people.ReplyText);
            }
            else if (stranger && people.StrangersADay is { } most)
            {
                account.Strangers[taken.Chat] = taken.At;
                BanIfEager(account, most, people.BanTime);
            }
        }

        return true;
    }

    private void BanIfEager(Account account, int most, TimeSpan time)
    {
        var now = node.Clock.GetUtcNow();
        if (account.Strangers.Values.Count(at => at > now - Day) > most)
        {
            account.Strangers.Clear();
            Note(new Conduct.Banned(now, account.Device, now + time));
            Ban(account.Device, time);
        }
    }

    private void Hear(DeviceKey device, string from, string id, string text)
    {
        var account = AccountOf(device);
        account.Writers.Add(from);
        account.Strangers.Remove(from);
        _conduct.Add(new Conduct.Wrote(node.Clock.GetUtcNow(), device, from, id, text));
    }

    private void Note(Conduct conduct)
    {
        _conduct.Add(conduct);
        journal.Write("network", $"{conduct}");
    }

    private sealed record Limit(DateTimeOffset Until)
    {
        public int Remaining { get; set; }
    }
}

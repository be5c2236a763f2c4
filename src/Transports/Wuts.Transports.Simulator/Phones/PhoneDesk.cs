using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Messages;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Simulator.Phones;

/// <summary>Phones as their owners use them, and as they are seen.</summary>
internal sealed class PhoneDesk(NetworkCore core, Receipts receipts, Reactions reactions)
{
    /// <summary>Says why a phone can do nothing now; <c>null</c> when it can.</summary>
    public static PhoneOutcome.Refused? RefuseUnlessUsable(Phone? phone, string number, DateTimeOffset now) => phone switch
    {
        null => new(PhoneRefusal.PhoneNotFound, $"There is no phone {number}: create it first."),
        { State.Registered: false } => new(PhoneRefusal.PhoneNotRegistered, $"The number {number} is not on WhatsApp."),
        { State.Online: false } => new(PhoneRefusal.PhoneOffline, $"The phone {number} is offline."),
        _ when phone.State.IsBanned(now) => new(PhoneRefusal.PhoneBanned, $"The number {number} is banned until {phone.State.BannedUntil:O}."),
        _ => null,
    };

    /// <returns>The phone, and whether it is new.</returns>
    public async Task<(PhoneView Phone, bool Created)> CreateAsync(string number)
    {
        PhoneView view;
        bool created;
        lock (core.Gate)
        {
            created = !core.State.Phones.TryGetValue(number, out var phone);
            view = View(phone ?? core.Create(number), withMessages: true);
        }

        await core.Log.FlushAsync();
        return (view, created);
    }

    public async Task<PhoneView?> ChangeAsync(string number, PhoneChange change)
    {
        PhoneView view;
        lock (core.Gate)
        {
            if (core.Reach(number) is not { } phone)
            {
                return null;
            }

            var before = phone.State;
            core.Record(new LogEntry { Kind = LogKind.PhoneChanged, From = number, Phone = change.ApplyTo(before) });
            Tell(phone, before);
            receipts.Resume(number);
            view = View(phone, withMessages: true);
        }

        await core.Log.FlushAsync();
        return view;
    }

    public async Task<PhoneOutcome> WriteAsync(string number, string to, string text)
    {
        LogEntry entry;
        int devices;
        lock (core.Gate)
        {
            if (RefuseUnlessUsable(core.Reach(number), number, core.Clock.GetUtcNow()) is { } refused)
            {
                return refused;
            }

            entry = reactions.Write(core.State.Phones[number], to, text);
            devices = entry.Blocked == true ? 0 : core.State.Phones.GetValueOrDefault(to)?.Links.Count ?? 0;
        }

        await core.Log.FlushAsync();
        return new PhoneOutcome.Written(entry.Id!, devices);
    }

    public async Task<PhoneOutcome> ReportAsync(string number, string sender)
    {
        lock (core.Gate)
        {
            if (RefuseUnlessUsable(core.Reach(number), number, core.Clock.GetUtcNow()) is { } refused)
            {
                return refused;
            }

            reactions.Report(core.State.Phones[number], sender, id: null);
        }

        await core.Log.FlushAsync();
        return new PhoneOutcome.Reported();
    }

    public PhoneView? Find(string number)
    {
        lock (core.Gate)
        {
            return core.State.Phones.TryGetValue(number, out var phone) ? View(phone, withMessages: true) : null;
        }
    }

    public ImmutableArray<PhoneView> List(string after, int limit)
    {
        lock (core.Gate)
        {
            return
            [
                .. core.State.Phones.Values.Where(p => string.CompareOrdinal(p.Number, after) > 0)
                    .OrderBy(p => p.Number, StringComparer.Ordinal).Take(limit).Select(p => View(p, withMessages: false)),
            ];
        }
    }

    // What others learn of a change: blocks count against who is blocked, and a restriction is told to devices.
    private void Tell(Phone phone, PhoneState before)
    {
        foreach (var blocked in phone.State.Blocks.Except(before.Blocks))
        {
            core.Record(new LogEntry { Kind = LogKind.Blocked, From = phone.Number, To = blocked });
        }

        if (phone.State.ReachOutUntil != before.ReachOutUntil)
        {
            core.Record(new LogEntry
            {
                Kind = LogKind.Restricted,
                From = phone.Number,
                Restriction = RestrictionKind.ReachOut,
                Until = phone.State.ReachOutUntil,
            });
        }
    }

    private PhoneView View(Phone phone, bool withMessages) => new(
        phone.Number,
        phone.State,
        [.. phone.Links.Select(l => new LinkedDeviceView(l.DeviceName, l.Live))],
        [.. phone.Typing],
        withMessages ? [.. phone.Lately.Select(View)] : [],
        phone.Standing is { } standing ? View(phone, standing) : null);

    private StandingView View(Phone phone, Standing standing)
    {
        var now = core.Clock.GetUtcNow();
        var (cap, opened) = (core.Enforcement.CapOf(phone), standing.CountNewChats(now));
        return new(
            standing.Rating,
            standing.CountMessages(now),
            standing.CountBlocks(now),
            standing.CountReports(now),
            standing.CountStrangers(now),
            opened,
            cap == 0 ? null : Math.Max(0, cap - opened),
            opened == 0 ? null : standing.ChatsUntil);
    }

    private static PhoneMessageView View(NetworkMessage m) =>
        new(m.Key.Id, m.Key.From, m.Type, m.Text, m.AcceptedAt, m.DeliveredAt, m.ReadAt, m.PlayedAt);
}

using System.Collections.Immutable;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Messages;

namespace Wuts.Transports.Simulator.Phones;

/// <summary>Phones as their owners use them, and as they are seen.</summary>
internal sealed class PhoneDesk(NetworkCore core, Receipts receipts)
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

            core.Record(new LogEntry { Kind = LogKind.PhoneChanged, From = number, Phone = change.ApplyTo(phone.State) });
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

            var recipient = core.State.Phones.GetValueOrDefault(to);
            var blocked = recipient?.State.Blocks.Contains(number) == true;
            devices = blocked ? 0 : recipient?.Links.Count ?? 0;

            // As WhatsApp's phones name theirs; the line's number makes it unique.
            var id = $"3A{core.Log.LastSeq + 1:X10}{core.Chance.Letters("0123456789ABCDEF", 8)}";
            entry = core.Record(new LogEntry
            {
                Kind = LogKind.Received,
                From = number,
                To = to,
                Id = id,
                Type = "text",
                Text = text,
                Blocked = blocked ? true : null,
            });
        }

        await core.Log.FlushAsync();
        return new PhoneOutcome.Written(entry.Id!, devices);
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

    private static PhoneView View(Phone phone, bool withMessages) => new(
        phone.Number,
        phone.State,
        [.. phone.Links.Select(l => new LinkedDeviceView(l.DeviceName, l.Live))],
        [.. phone.Typing],
        withMessages ? [.. phone.Lately.Select(View)] : []);

    private static PhoneMessageView View(NetworkMessage m) =>
        new(m.Key.Id, m.Key.From, m.Type, m.Text, m.AcceptedAt, m.DeliveredAt, m.ReadAt, m.PlayedAt);
}

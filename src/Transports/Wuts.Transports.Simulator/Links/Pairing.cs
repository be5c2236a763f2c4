using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator.Links;

/// <summary>Codes for devices, and the phones that use them.</summary>
internal sealed class Pairing(NetworkCore core)
{
    public static readonly TimeSpan QrLifetime = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan PairCodeLifetime = TimeSpan.FromSeconds(300);

    // No letters and digits that look alike.
    private const string PairCodeAlphabet = "123456789ABCDEFGHJKLMNPQRSTVWXYZ";
    private const string QrAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public Task<PairingTicket> ShowQrAsync(DeviceKey device, string? connection) =>
        ShowAsync(device, connection, LogKind.QrShown, null, QrLifetime);

    public Task<PairingTicket> ShowPairCodeAsync(DeviceKey device, string number, string? connection) =>
        ShowAsync(device, connection, LogKind.PairCodeShown, number, PairCodeLifetime);

    /// <summary>Lets the codes that outlived a restart run out in time.</summary>
    public void Resume()
    {
        foreach (var ticket in core.State.Tickets.Open)
        {
            core.Schedule.At(ticket.ExpiresAt, () => Expire(ticket));
        }
    }

    /// <summary>A phone scans a QR code or enters a pair code.</summary>
    public async Task<PhoneOutcome> PairAsync(string number, string code, bool scanned)
    {
        PhoneOutcome outcome;
        lock (core.Gate)
        {
            outcome = Pair(number, code, scanned);
        }

        await core.Log.FlushAsync();
        return outcome;
    }

    private PhoneOutcome Pair(string number, string code, bool scanned)
    {
        var now = core.Clock.GetUtcNow();
        if (PhoneDesk.RefuseUnlessUsable(core.Reach(number), number, now) is { } refused)
        {
            return refused;
        }

        if (core.State.Tickets.Find(code) is not { } ticket || (ticket.Number is null) != scanned)
        {
            return new PhoneOutcome.Refused(PhoneRefusal.PairingCodeUnknown, "The network gave out no such code.");
        }

        if (ticket.State == TicketState.Expired || (ticket.State == TicketState.Open && ticket.ExpiresAt <= now))
        {
            return new PhoneOutcome.Refused(PhoneRefusal.PairingCodeExpired, $"The code ran out at {ticket.ExpiresAt:O}: ask for a new one.");
        }

        if (ticket.State == TicketState.Replaced)
        {
            return new PhoneOutcome.Refused(PhoneRefusal.PairingCodeReplaced, "The device asked for a newer code, so this one is worth nothing.");
        }

        if (ticket.State == TicketState.Used)
        {
            return new PhoneOutcome.Refused(PhoneRefusal.PairingCodeUsed, "The code was used before.");
        }

        if (ticket.Number is { } wanted && wanted != number)
        {
            return new PhoneOutcome.Refused(PhoneRefusal.PairingCodeForOtherNumber, "The code was asked for another number.");
        }

        // The line's number makes credentials unique also after a restart with the same seed.
        var credentials = $"{number}.{core.Log.LastSeq + 1}.{core.Chance.Letters(QrAlphabet, 32)}";
        var device = ticket.Device.ToString();
        core.Record(new LogEntry { Kind = LogKind.Linked, Device = device, From = number, Connection = ticket.Connection, Secret = credentials });
        return new PhoneOutcome.Paired(device, Jid.User(number));
    }

    private async Task<PairingTicket> ShowAsync(DeviceKey device, string? connection, LogKind kind, string? number, TimeSpan lifetime)
    {
        Ticket ticket;
        lock (core.Gate)
        {
            core.Record(new LogEntry
            {
                Kind = kind,
                Device = device.ToString(),
                To = number,
                Connection = connection,
                Secret = NewCode(number is null),
                Until = core.Clock.GetUtcNow() + lifetime,
            });
            ticket = core.State.Tickets.FindOpen(device)!;
            core.Schedule.At(ticket.ExpiresAt, () => Expire(ticket));
        }

        await core.Log.FlushAsync();
        return new PairingTicket(ticket.Code, ticket.ExpiresAt);
    }

    private string NewCode(bool qr)
    {
        while (true)
        {
            var code = qr
                ? $"2@{core.Chance.Letters(QrAlphabet, 64)}"
                : $"{core.Chance.Letters(PairCodeAlphabet, 4)}-{core.Chance.Letters(PairCodeAlphabet, 4)}";
            if (core.State.Tickets.Find(code) is null)
            {
                return code;
            }
        }
    }

    private void Expire(Ticket ticket)
    {
        lock (core.Gate)
        {
            if (ticket.State == TicketState.Open)
            {
                var reason = ticket.Number is null ? "the QR code was not scanned in time" : "the pair code was not entered in time";
                core.Record(new LogEntry { Kind = LogKind.PairingExpired, Device = ticket.Device.ToString(), Reason = reason });
            }
        }
    }
}

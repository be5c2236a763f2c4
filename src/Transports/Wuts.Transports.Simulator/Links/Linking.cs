using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator.Links;

/// <summary>
/// Links of paired devices: made, taken over, closed and removed. A link has one owner, the connection that made it last: what
/// others do with it is as if there were none. So a process that was replaced and does not know it cannot use what its successor has.
/// </summary>
internal sealed class Linking(NetworkCore core)
{
    public async Task<ConnectOutcome> ConnectAsync(DeviceKey device, string credentials, string? connection, CancellationToken cancellationToken)
    {
        TimeSpan latency;
        lock (core.Gate)
        {
            latency = core.Chance.Between(core.Faults.LatencyMs);
        }

        if (latency > TimeSpan.Zero)
        {
            await Task.Delay(latency, core.Clock, cancellationToken);
        }

        lock (core.Gate)
        {
            if (core.State.Links.Find(device) is not { } link || link.Credentials != credentials)
            {
                return new ConnectOutcome.LoggedOut("the network knows no such pairing");
            }

            var phone = core.State.Phones[link.Number];
            if (phone.State.IsBanned(core.Clock.GetUtcNow()))
            {
                return new ConnectOutcome.Banned("banned by the network", phone.State.BannedUntil);
            }

            if (link.Live && link.Owner != connection)
            {
                // Its device is told nothing: it is the device's own newer connection, to which this would look like a loss. Who
                // connects last has it, even a replaced process that has not noticed: its fence then keeps it from sending, and
                // its successor hears NotConnected at its next send and takes the link back.
                Close(link, "replaced by a newer connection");
            }

            if (!link.Live)
            {
                core.Record(new LogEntry { Kind = LogKind.Connected, Device = link.DeviceName, From = link.Number, Connection = connection });
                core.Events.Wake(core.State.Outboxes[device]);
            }

            return new ConnectOutcome.Connected(Jid.User(link.Number));
        }
    }

    public void Disconnect(DeviceKey device, string? connection)
    {
        lock (core.Gate)
        {
            if (core.State.Links.FindLive(device, connection) is { } link)
            {
                Close(link, reason: null);
            }
        }
    }

    public async Task<bool> LogoutAsync(DeviceKey device, string? connection)
    {
        lock (core.Gate)
        {
            if (core.State.Links.FindLive(device, connection) is not { } link)
            {
                return false;
            }

            core.Record(new LogEntry { Kind = LogKind.LoggedOut, Device = link.DeviceName, From = link.Number });
        }

        await core.Log.FlushAsync();
        return true;
    }

    /// <summary>The phone removes a device, live or not.</summary>
    public async Task<PhoneOutcome> UnlinkAsync(string number, string device)
    {
        lock (core.Gate)
        {
            var phone = core.State.Phones.GetValueOrDefault(number);
            if (PhoneDesk.RefuseUnlessUsable(phone, number, core.Clock.GetUtcNow()) is { } refused)
            {
                return refused;
            }

            if (phone!.Links.Find(l => l.DeviceName == device) is not { } link)
            {
                return new PhoneOutcome.Refused(PhoneRefusal.DeviceNotLinked, "No such device is linked to this phone.");
            }

            core.Record(new LogEntry
            {
                Kind = LogKind.Unlinked,
                Device = link.DeviceName,
                From = number,
                Reason = "the device was removed from the phone",
            });
        }

        await core.Log.FlushAsync();
        return new PhoneOutcome.Unlinked();
    }

    public void SetTyping(DeviceKey device, string to, bool typing, string? connection)
    {
        lock (core.Gate)
        {
            if (core.State.Links.FindLive(device, connection) is { } link && core.Reach(to) is not null)
            {
                core.Record(new LogEntry
                {
                    Kind = typing ? LogKind.Typing : LogKind.TypingEnded,
                    Device = link.DeviceName,
                    From = link.Number,
                    To = to,
                });
            }
        }
    }

    private void Close(Link link, string? reason) => core.Record(new LogEntry
    {
        Kind = LogKind.Disconnected,
        Device = link.DeviceName,
        From = link.Number,
        Connection = link.Owner,
        Reason = reason,
    });
}

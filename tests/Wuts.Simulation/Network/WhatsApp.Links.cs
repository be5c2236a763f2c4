using Orleans.InProcess.Simulation;
using Wuts.Domain.Devices;
using Wuts.Testing.Checking;
using Wuts.Transports;

namespace Wuts.Simulation.Network;

// Pairing, linking, and losing either.
public sealed partial class WhatsApp
{
    private readonly List<Disturbance> _moves = [];

    /// <summary>When a number got a link to another silo, or a new one to the same: what came over the last one may still be on its way.</summary>
    public IReadOnlyList<Disturbance> Moves => _moves;

    public Task<ConnectOutcome> ConnectAsync(SimulatedNode silo, DeviceKey device, string credentials) => node.Run(async () =>
    {
        await Wait(0.01, 0.5);
        var account = AccountOf(device);
        if (faults.Strikes("connect-hangs", 0.03))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, node.Clock);
        }

        if (faults.Strikes("connect-fails", 0.1))
        {
            return new ConnectOutcome.Failed("a simulated failure");
        }

        if (account.Credentials != credentials)
        {
            return new ConnectOutcome.LoggedOut("removed on the phone");
        }

        if (account.BannedUntil > node.Clock.GetUtcNow())
        {
            return new ConnectOutcome.Banned("spam", account.BannedUntil);
        }

        if (account.Owner != silo)
        {
            account.Owner = silo;
            account.Link++;
            _moves.Add(new(node.Clock.GetUtcNow(), $"{device} is linked to {silo.Name}"));
            journal.Write("network", _moves[^1].What);
        }

        await Wait(0.01, 0.1);
        return (ConnectOutcome)new ConnectOutcome.Connected(account.Jid);
    });

    public Task<bool> UnlinkAsync(SimulatedNode silo, DeviceKey device, bool logout) => node.Run(async () =>
    {
        await Wait(0.002, 0.08);
        var account = AccountOf(device);
        if (!account.IsLinkedTo(silo))
        {
            return false;
        }

        Unlink(account, logout ? "logged out" : "closed");
        account.Credentials = logout ? null : account.Credentials;
        return true;
    });

    public Task<PairingTicket> ShowCodeAsync(DeviceKey device) => node.Run(async () =>
    {
        await Wait(0.01, 0.5);
        return new PairingTicket($"code of {device}", node.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
    });

    /// <summary>Whether the phone still shows the pairing.</summary>
    public bool IsPaired(DeviceKey device) => AccountOf(device).Credentials is not null;

    /// <summary>The owner of the phone scans what the device shows.</summary>
    public void Scan(DeviceKey device)
    {
        var account = AccountOf(device);
        Deliver(device, new DeviceEvent.Paired(account.Jid, Pair(device), node.Clock.GetUtcNow()));
    }

    /// <summary>The line breaks. The device may hear of it, or find out.</summary>
    public void DropLink(DeviceKey device)
    {
        Unlink(AccountOf(device), "dropped");
        if (chance.Next(3) > 0)
        {
            Deliver(device, new DeviceEvent.Disconnected("a simulated outage", node.Clock.GetUtcNow()));
        }
    }

    /// <summary>The pairing is removed on the phone.</summary>
    public void RemovePairing(DeviceKey device)
    {
        var account = AccountOf(device);
        Unlink(account, "pairing removed");
        account.Credentials = null;
        Deliver(device, new DeviceEvent.LoggedOut("removed on the phone", node.Clock.GetUtcNow()));
    }

    public void Ban(DeviceKey device, TimeSpan time)
    {
        var account = AccountOf(device);
        Unlink(account, "banned");
        account.BannedUntil = node.Clock.GetUtcNow() + time;
        Deliver(device, new DeviceEvent.Banned("spam", account.BannedUntil, node.Clock.GetUtcNow()));
    }

    private void Unlink(Account account, string why)
    {
        account.Owner = null;
        account.Link++;
        journal.Write("network", $"{account.Device} is unlinked: {why}");
    }
}

using Wuts.Domain.Devices;
using Wuts.Transports.Simulator.Links;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator;

// How numbers behave, in the eyes of those they write to, and what the network does about it.
internal sealed partial class NetworkState
{
    private void ApplyConduct(LogEntry entry, LogKind kind)
    {
        switch (kind)
        {
            case LogKind.Blocked:
                var phone = Phones[entry.From!];
                if (!phone.State.Blocks.Contains(entry.To!))
                {
                    phone.Become(phone.State with { Blocks = phone.State.Blocks.Add(entry.To!) });
                }

                Phones.GetValueOrDefault(entry.To!)?.MakeStanding().Complain(entry.At, report: false);
                break;
            case LogKind.Reported:
                Phones.GetValueOrDefault(entry.To!)?.MakeStanding().Complain(entry.At, report: true);
                break;
            case LogKind.QualityChanged:
                Phones[entry.From!].MakeStanding().Rating = entry.Rating!.Value;
                EmitToAll(entry, new DeviceEvent.QualityChanged(entry.Rating!.Value, entry.At));
                break;
            case LogKind.Restricted:
                var restricted = Phones[entry.From!];
                if (entry.Restriction == RestrictionKind.ReachOut)
                {
                    restricted.Become(restricted.State with { ReachOutUntil = entry.Until });
                }

                EmitToAll(entry, new DeviceEvent.Restricted(entry.Restriction!.Value, entry.Until, entry.At, entry.Remaining));
                break;
            default:
                var banned = Phones[entry.From!];
                banned.Become(banned.State with { BannedUntil = entry.Until });
                banned.MakeStanding().Ban(entry.At);
                BreakOff(entry, banned, entry.Reason!);
                break;
        }
    }

    private void BreakOff(LogEntry entry, Phone phone, string reason)
    {
        foreach (var link in phone.Links)
        {
            SetLive(link, false);
            Emit(entry, link.Device, new DeviceEvent.Banned(reason, phone.State.BannedUntil, entry.At), needsLink: false);
        }
    }

    // A device that is new to a number heard nothing of what was told before.
    private void TellStanding(LogEntry entry, Link link)
    {
        var phone = Phones[link.Number];
        if (phone.Standing is { Rating: not QualityRating.Green } standing)
        {
            Emit(entry, link.Device, new DeviceEvent.QualityChanged(standing.Rating, entry.At), needsLink: true);
        }

        if (phone.State.ReachOutUntil > entry.At)
        {
            Emit(entry, link.Device, new DeviceEvent.Restricted(RestrictionKind.ReachOut, phone.State.ReachOutUntil, entry.At), needsLink: true);
        }
    }

    private void EmitToAll(LogEntry entry, DeviceEvent @event)
    {
        foreach (var link in Phones[entry.From!].Links)
        {
            Emit(entry, link.Device, @event, needsLink: true);
        }
    }
}

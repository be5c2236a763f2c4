using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Events;
using Wuts.Transports.Simulator.Links;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Messages;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator;

/// <summary>
/// Everything the network knows. Only a line of the log changes it, so that applying the lines again after a restart makes the
/// same network. Guarded by the network's gate.
/// </summary>
internal sealed partial class NetworkState
{
    private readonly List<(Outbox Outbox, OutboxEvent Event)> _emitted = [];

    public Dictionary<string, Phone> Phones { get; } = [];

    public LinkTable Links { get; } = new();

    public PairingTickets Tickets { get; } = new();

    /// <summary>Every message ever taken, with the time. Never forgotten: the same id is the same message for good.</summary>
    public Dictionary<MessageKey, DateTimeOffset> Accepted { get; } = [];

    /// <summary>Messages that may bring receipts yet.</summary>
    public Dictionary<MessageKey, NetworkMessage> Open { get; } = [];

    public OutboxTable Outboxes { get; } = new();

    /// <summary>Changes the state as a line tells.</summary>
    /// <returns>The events that it brings to devices. Valid until the next call.</returns>
    public IReadOnlyList<(Outbox Outbox, OutboxEvent Event)> Apply(LogEntry entry)
    {
        _emitted.Clear();
        switch (entry.Kind)
        {
            case LogKind.Started:
                foreach (var link in Links.All)
                {
                    SetLive(link, false);
                }

                break;
            case LogKind.PhoneCreated:
                Phones.Add(entry.From!, new Phone(entry.From!, entry.At));
                break;
            case LogKind.PhoneChanged:
                ApplyPhone(entry, Phones[entry.From!]);
                break;
            case LogKind.Typing:
                Phones.GetValueOrDefault(entry.To!)?.Typing.Add(entry.From!);
                break;
            case LogKind.TypingEnded:
                Phones.GetValueOrDefault(entry.To!)?.Typing.Remove(entry.From!);
                break;
            case LogKind.Accepted:
                ApplyAccepted(entry);
                break;
            case LogKind.Delivered or LogKind.Read or LogKind.Played:
                ApplyReceipt(entry, Open[new MessageKey(entry.From!, entry.Id!)]);
                break;
            case LogKind.Received:
                ApplyReceived(entry);
                break;
            case LogKind.Acked:
                Outboxes[DeviceKey.Parse(entry.Device!)].Acknowledge(entry.Through!.Value);
                break;
            case LogKind.Blocked or LogKind.Reported or LogKind.QualityChanged or LogKind.Restricted or LogKind.Banned:
                ApplyConduct(entry, entry.Kind);
                break;
            case LogKind.Duplicate or LogKind.Refused or LogKind.FaultsChanged or LogKind.RulesChanged:
                break; // told, but nothing changes by it
            default:
                ApplyLink(entry, DeviceKey.Parse(entry.Device!));
                break;
        }

        return _emitted;
    }

    private void ApplyLink(LogEntry entry, DeviceKey device)
    {
        switch (entry.Kind)
        {
            case LogKind.QrShown or LogKind.PairCodeShown:
                Tickets.Add(new Ticket(entry.Secret!, device, entry.To, entry.Connection, entry.Until!.Value));
                break;
            case LogKind.PairingExpired:
                Tickets.Close(device, TicketState.Expired);
                Emit(entry, device, new DeviceEvent.PairingFailed(entry.Reason!, entry.At), needsLink: false);
                break;
            case LogKind.Linked:
                Unpair(device);
                Tickets.Close(device, TicketState.Used);
                var made = new Link(device, entry.From!, entry.Secret!) { Owner = entry.Connection };
                Links.Add(made);
                Phones[made.Number].Links.Add(made);
                SetLive(made, true);
                Emit(entry, device, new DeviceEvent.Paired(Jid.User(made.Number), made.Credentials, entry.At), needsLink: false);
                TellStanding(entry, made);
                break;
            case LogKind.Connected:
                Links.Find(device)!.Owner = entry.Connection;
                SetLive(Links.Find(device)!, true);
                break;
            case LogKind.Disconnected:
                SetLive(Links.Find(device)!, false);
                break;
            case LogKind.Dropped:
                SetLive(Links.Find(device)!, false);
                Emit(entry, device, new DeviceEvent.Disconnected(entry.Reason!, entry.At), needsLink: false);
                break;
            case LogKind.LoggedOut:
                Unpair(device);
                break;
            case LogKind.Unlinked:
                Unpair(device);
                Emit(entry, device, new DeviceEvent.LoggedOut(entry.Reason!, entry.At), needsLink: false);
                break;
            default:
                throw new InvalidDataException($"Line {entry.Seq} of the simulator's log has an unknown kind.");
        }
    }

    private void ApplyPhone(LogEntry entry, Phone phone)
    {
        var before = phone.State;
        phone.Become(entry.Phone!);
        if (phone.State.IsBanned(entry.At) && phone.State.BannedUntil != before.BannedUntil)
        {
            BreakOff(entry, phone, "banned by the network");
        }
    }

    private void ApplyAccepted(LogEntry entry)
    {
        var key = new MessageKey(entry.From!, entry.Id!);
        Accepted.Add(key, entry.At);
        Phones[entry.From!].MakeStanding().Send(entry.Seq, entry.To!, entry.At);
        Phones[entry.To!].Typing.Remove(entry.From!);
        if (entry.Blocked != true)
        {
            var device = DeviceKey.Parse(entry.Device!);
            Open.Add(key, new NetworkMessage(entry.Seq, key, device, entry.To!, entry.Type!, entry.Text, entry.At));
        }
    }

    private void ApplyReceipt(LogEntry entry, NetworkMessage message)
    {
        var phone = Phones[message.To];
        var stage = DeliveryStage.Delivered;
        switch (entry.Kind)
        {
            case LogKind.Delivered:
                message.DeliveredAt = entry.At;
                phone.Show(message);
                break;
            case LogKind.Read:
                message.ReadAt = entry.At;
                stage = DeliveryStage.Read;
                break;
            default:
                message.PlayedAt = entry.At;
                stage = DeliveryStage.Played;
                break;
        }

        if (stage == DeliveryStage.Played || (stage == DeliveryStage.Read && !phone.IsPlayed(message)))
        {
            Open.Remove(message.Key);
        }

        Emit(entry, message.Device, new DeviceEvent.Receipt(message.Key.Id, new DeliveryEvent(stage, entry.At)), needsLink: true);
    }

    private void ApplyReceived(LogEntry entry)
    {
        if (entry.Blocked == true)
        {
            return;
        }

        Phones.GetValueOrDefault(entry.To!)?.MakeStanding().WrittenBy(entry.From!);
        var from = Jid.User(entry.From!);
        var message = new InboundMessage(entry.Id!, from, from, Jid.User(entry.To!), entry.Text!, Phones[entry.From!].State.Name, entry.At);
        foreach (var link in Phones.GetValueOrDefault(entry.To!)?.Links ?? [])
        {
            Emit(entry, link.Device, new DeviceEvent.MessageReceived(message), needsLink: true);
        }
    }

    private void Unpair(DeviceKey device)
    {
        if (Links.Remove(device) is { } link)
        {
            Phones[link.Number].Links.Remove(link);
            SetLive(link, false);
        }
    }

    private void SetLive(Link link, bool live)
    {
        link.Live = live;
        Outboxes[link.Device].Live = live;
    }

    private void Emit(LogEntry entry, DeviceKey device, DeviceEvent @event, bool needsLink)
    {
        var outbox = Outboxes[device];
        var item = new OutboxEvent(entry.Seq, @event, needsLink);
        outbox.Add(item);
        _emitted.Add((outbox, item));
    }
}

using System.Collections.Immutable;
using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Grains.Devices;

// What comes from the network.
internal sealed partial class DeviceGrain
{
    public async Task Handle(ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken)
    {
        await ApplyReceipts([.. events.OfType<DeviceEvent.Receipt>()], cancellationToken); // messages outlive their device
        if (!Exists())
        {
            return; // nobody is left to be told
        }

        Watch(events.OfType<DeviceEvent.Receipt>());

        await KeepReceived([.. events.OfType<DeviceEvent.MessageReceived>().Select(e => e.Message)], cancellationToken);
        foreach (var @event in events)
        {
            await ChangeSession(@event);
            await ChangeHealth(@event);
        }

        if (HasHealthToKeep)
        {
            await KeepHealth();
        }
    }

    private async Task ApplyReceipts(ImmutableArray<DeviceEvent.Receipt> receipts, CancellationToken cancellationToken)
    {
        if (receipts.IsEmpty)
        {
            return;
        }

        var known = receipts.Where(r => MessageId.IsWellFormed(r.ProviderId)).GroupBy(r => r.ProviderId, r => r.Event);
        var applied = await Task.WhenAll(known.Select(async group => (group.Key, Message: await Message(group.Key).Apply([.. group]))));
        foreach (var (id, message) in applied)
        {
            if (message is { IsUnsent: false } && _queue.Contains(id) && _queue.InFlight != id)
            {
                // Evidence settles what we doubted, or were about to try again.
                _doubtful.Remove(id);
                Departed(message);
                ArmPump();
            }
        }

        var found = applied.Where(a => a.Message is not null).Select(a => a.Key).ToHashSet();
        ImmutableArray<DeviceEvent.Receipt> orphans = [.. receipts.Where(r => !found.Contains(r.ProviderId))];
        if (!orphans.IsEmpty)
        {
            Log.Orphans(logger, _key, orphans.Length);
            metrics.Orphaned(orphans.Length);
            await inbox.AppendOrphansAsync(_key, orphans, clock.GetUtcNow(), cancellationToken);
        }
    }

    private async Task KeepReceived(ImmutableArray<InboundMessage> received, CancellationToken cancellationToken)
    {
        if (!received.IsEmpty)
        {
            var heard = await Hear(received, cancellationToken);
            await inbox.AppendReceivedAsync(_key, heard, cancellationToken);
            await Heed(heard.Select(message => message.Heard?.Consent).OfType<Consent>(), cancellationToken);
            foreach (var message in received)
            {
                await Welcome(message.ChatJid, message.At);
            }
        }
    }

    private async Task ChangeSession(DeviceEvent @event)
    {
        var session = @event switch
        {
            // Repeats and latecomers: what is older than the present session says nothing about it.
            DeviceEvent.Paired paired => _session.Paired(paired.Jid, paired.Credentials, paired.At),
            DeviceEvent.PairingFailed failed => _session.PairingEnded(failed.At, failed.Reason),
            DeviceEvent.Disconnected lost when _session.IsConnected && lost.At >= _session.Since => _session.Lost(lost.At, lost.Reason),
            DeviceEvent.LoggedOut loggedOut when _session.IsPaired && loggedOut.At >= _session.Since => _session.LoggedOut(loggedOut.At, loggedOut.Reason),
            DeviceEvent.Banned banned => _session.Banned(banned.At, banned.Until, banned.Reason),
            _ => _session,
        };
        if (session != _session)
        {
            if (@event is DeviceEvent.Disconnected)
            {
                CountDisconnect();
            }

            await Save(session);
        }
    }
}

using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Domain.Webhooks;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

public sealed class MemoryInboxStore(MemoryDatabase database) : IInboxStore
{
    public Task<int> AppendReceivedAsync(
        DeviceKey device, ImmutableArray<(InboundMessage Message, string DataJson)> messages, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            var fresh = messages.Where(m => database.Inbox.Add((device, m.Message.Id))).ToArray();
            database.AppendEvents(
                device.TenantId, device.DeviceId, fresh.Select(m => (WebhookEvents.MessageReceived, m.Message.At, (string?)null, (string?)m.DataJson)));
            return Task.FromResult(fresh.Length);
        }
    }

    public Task AppendOrphansAsync(
        DeviceKey device, ImmutableArray<DeviceEvent.Receipt> receipts, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            database.Orphans.AddRange(receipts.Where(r => !database.Orphans.Contains(r)));
            return Task.CompletedTask;
        }
    }
}

using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sql;

internal sealed class InboxStore(BatchWriter writer, TimeProvider clock) : IInboxStore
{
    private const string Received = "received";
    private const string Orphan = "orphan";
    private const string Notice = "notice";

    public async Task<int> AppendReceivedAsync(
        DeviceKey device, ImmutableArray<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await AppendAsync(device, messages.Select(item => new InboxRow(
            device.TenantId,
            device.DeviceId,
            Received,
            item.Message.Id,
            now,
            StoredJson.Write(item.Message),
            new DeviceNotice(WebhookEvents.MessageReceived, item.Message.At, item.DataJson),
            item.Heard)
        {
            Contact = Contact.IsPerson(item.Message.ChatJid) ? Contact.Wrote(item.Message.ChatJid, item.Message.At) : null,
        }), cancellationToken);
    }

    // A network repeats a receipt with the same id and stage; by these it is kept once.
    public async Task AppendOrphansAsync(
        DeviceKey device, ImmutableArray<DeviceEvent.Receipt> receipts, DateTimeOffset at, CancellationToken cancellationToken) =>
        await AppendAsync(device, receipts.Select(receipt => new InboxRow(
            device.TenantId,
            device.DeviceId,
            Orphan,
            $"{receipt.ProviderId}/{StoredName<DeliveryStage>.Of(receipt.Event.Stage)}",
            at,
            StoredJson.Write(receipt.Event),
            Event: null)), cancellationToken);

    public async Task AppendNoticeAsync(DeviceKey device, string id, DeviceNotice notice, CancellationToken cancellationToken) =>
        await AppendAsync(device, [new InboxRow(device.TenantId, device.DeviceId, Notice, id, notice.At, notice.DataJson, notice)], cancellationToken);

    private async Task<int> AppendAsync(DeviceKey device, IEnumerable<InboxRow> rows, CancellationToken cancellationToken)
    {
        ImmutableArray<InboxRow> distinct = [.. rows.DistinctBy(row => row.Id).OrderBy(row => row.Id, StringComparer.Ordinal)];
        return distinct.IsEmpty ? 0 : await writer.WriteAsync(new StorageWrite.OfInbox(device, distinct), cancellationToken);
    }
}

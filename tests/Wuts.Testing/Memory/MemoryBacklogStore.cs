using Wuts.Domain.Delivery;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

internal sealed class MemoryBacklogStore(MemoryConnection connection) : IBacklogStore
{
    public Task<Backlog> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        connection.ReadAsync(tables => Read(tables, now.AsStored()), cancellationToken);

    private static Backlog Read(MemoryTables tables, DateTimeOffset now)
    {
        var messages = tables.Messages.Rows.Select(row => row.Message).ToList();
        var behind = tables.Webhooks.Rows.Where(row => row.Endpoint.Enabled && row.Events.Count > row.Watermark).ToList();
        return new(
            messages.Where(message => message is { IsOpen: true, IsUnsent: true } && WaitsSince(message) <= now)
                .MinBy(message => message.Envelope.AcceptedAt) is { } oldest ? WaitsSince(oldest) : null,
            messages.LongCount(message => message is { State: MessageState.Sent, OverdueAt: not null }),
            messages.LongCount(message => message is { State: MessageState.Uncertain, OverdueAt: not null }),
            behind.Sum(row => row.Events.Count - row.Watermark),
            behind.Min(row => (DateTimeOffset?)row.Events[(int)row.Watermark].At),
            tables.Webhooks.Rows.Sum(row => row.Retries.Values.LongCount(retry => retry.NextAttemptAt is not null)));
    }

    private static DateTimeOffset WaitsSince(Message message) =>
        message is { Hold: HoldReason.WarmUp or HoldReason.Restricted, NotBefore: { } until } ? until : message.Envelope.DueAt;
}

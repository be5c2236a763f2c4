using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

public sealed class MemoryMessageStore(MemoryDatabase database) : IMessageStore
{
    public Task<Message?> FindAsync(string tenantId, string messageId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult(database.Messages.GetValueOrDefault((tenantId, messageId)));
        }
    }

    public async Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken = default)
    {
        var fault = await database.BeforeWrite(transition.Message);
        var outcome = Write(transition, fenced);
        return fault == WriteFault.LoseAnswer ? throw new StorageUnavailableException("The answer was lost.") : outcome;
    }

    public Task<ImmutableArray<TimelineEntry>> ReadTimelineAsync(string tenantId, string messageId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<TimelineEntry>>([.. database.Timelines.GetValueOrDefault((tenantId, messageId), [])]);
        }
    }

    public Task<ImmutableArray<UnsentMessage>> ListUnsentAsync(
        DeviceKey device, long afterPosition, int limit, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<UnsentMessage>>(
            [
                .. Unsent().Where(m => m.Envelope.TenantId == device.TenantId && m.Envelope.DeviceId == device.DeviceId && m.Envelope.Position > afterPosition)
                    .OrderBy(m => m.Envelope.Position)
                    .Take(limit)
                    .Select(m => new UnsentMessage(
                        m.Envelope.Id, m.Envelope.ChatJid, m.Envelope.Position, m.NotBefore ?? m.Envelope.DueAt, m.Envelope.Typing, m.State, m.Epoch, m.Attempt)),
            ]);
        }
    }

    public Task<ImmutableArray<DeviceKey>> ListDevicesWithUnsentAsync(CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<DeviceKey>>([.. Unsent().Select(m => new DeviceKey(m.Envelope.TenantId, m.Envelope.DeviceId)).Distinct()]);
        }
    }

    public Task<ImmutableArray<(string TenantId, string MessageId)>> ListOverdueAsync(
        DateTimeOffset acceptedBefore, int limit, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<(string, string)>>(
            [
                .. database.Messages.Values
                    .Where(m => m.State == MessageState.Sent && m.OverdueAt is null && m.Envelope.AcceptedAt < acceptedBefore)
                    .OrderBy(m => m.Envelope.AcceptedAt)
                    .Take(limit)
                    .Select(m => (m.Envelope.TenantId, m.Envelope.Id)),
            ]);
        }
    }

    private IEnumerable<Message> Unsent() => database.Messages.Values.Where(m => m.IsUnsent && m.IsOpen);

    private WriteOutcome Write(Transition transition, bool fenced)
    {
        var message = transition.Message;
        var envelope = message.Envelope;
        lock (database.Gate)
        {
            var stored = database.Messages.GetValueOrDefault((envelope.TenantId, envelope.Id));
            var device = database.Devices.GetValueOrDefault(new(envelope.TenantId, envelope.DeviceId));
            if ((stored?.Version ?? 0) != message.Version - 1 || (fenced && device?.Epoch != message.Epoch))
            {
                return WriteOutcome.Conflict;
            }

            database.Messages[(envelope.TenantId, envelope.Id)] = message;
            if (!database.Timelines.TryGetValue((envelope.TenantId, envelope.Id), out var timeline))
            {
                database.Timelines.Add((envelope.TenantId, envelope.Id), timeline = []);
            }

            timeline.AddRange(transition.Timeline);
            database.AppendEvents(envelope.TenantId, envelope.DeviceId, transition.Events.Select(e => (e.Type, e.At, (string?)envelope.Id, (string?)null)));
            database.Pulse();
            return WriteOutcome.Written;
        }
    }
}

using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Simulation.Clients;
using Wuts.Simulation.Internet;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;
using Wuts.Simulation.World;
using Wuts.Testing.Checking;
using Wuts.Webhooks;

namespace Wuts.Simulation.Checking;

/// <summary>Gathers what every party saw into one <see cref="History"/>.</summary>
internal sealed class Historian(
    Client client, WhatsApp network, Receivers receivers, Database database, CommitLog commits, Tenancy tenancy, Wishes wishes, Limits limits, PoolLog pool, DateTimeOffset start)
{
    public History Write()
    {
        var endpoints = database.Tables.Endpoints;
        ImmutableArray<StoredMessage> messages = [.. database.Tables.Messages.Select(Row)];
        return new()
        {
            Requests = [.. client.Requests],
            HandOvers = [.. network.Log.Select(taken =>
                new HandOver(taken.At, taken.Device.TenantId, taken.Device.DeviceId, taken.Chat, taken.Id) { From = taken.From, Until = taken.Until })],
            Receipts = [.. network.Acknowledged],
            Inbound = network.Received.ToImmutableArray(),
            Messages = messages,
            Events = [.. endpoints.SelectMany(endpoint => Events(endpoint.Id, endpoint.Enabled))],
            WebhookTries = [.. receivers.Tries.Where(t => endpoints.Any(e => e.Id == t.EndpointId))], // those of a removed device have nothing left to be compared with
            FencedWrites = [.. commits.Fenced],
            ConsentChanges = [.. database.Consents.Changes],
            ConsentRules = [.. database.Consents.Rules],
            ConsentWords = [.. network.Received.Select(Word).OfType<ConsentWord>(), .. wishes.Words],
            Claims = commits.Claims.ToImmutableArray(),
            ConsentRefusals = [.. commits.Refusals],
            PaceCeilings = [.. LimitWatch.Ceilings(limits, tenancy.Devices)],
            WarmUpDays = [.. LimitWatch.Days(limits, start, tenancy.Devices.Where(Exists))],
            Quotas = [.. LimitWatch.Quotas(limits)],
            Pools = [.. pool.Pools()],
            LaneBacklogs = [.. LaneWaits.Of(messages, client.Requests, network.Moves)],
            WatchedEndpoints = [.. endpoints.Where(e => tenancy.WasNeverChanged(e.Id) && !receivers.WasGone(e.Id)).Select(e => new WatchedEndpoint(e.Id, e.TenantId, e.DeviceId))],
            Disturbances = [.. network.Moves],
        };
    }

    // A removed device hears nothing any more.
    private ConsentWord? Word(AcknowledgedInbound inbound) => Wishes.MarkOf(inbound.Text) is { } mark
        ? new(inbound.CameAt!.Value, Exists(new(inbound.TenantId, inbound.DeviceId)) ? inbound.At : null, inbound.TenantId, inbound.Chat!, mark)
        : null;

    private bool Exists(DeviceKey device) => database.Tables.Read(tables => tables.Devices.ContainsKey(device));

    private StoredMessage Row(Message message)
    {
        var envelope = message.Envelope;
        return new(
            envelope.TenantId, envelope.DeviceId, envelope.Id, envelope.ChatJid, envelope.Position, envelope.AcceptedAt, envelope.DueAt, message.State,
            message.UncertainAt is not null, message.OverdueAt is not null,
            database.Tables.TimelineOf(envelope.TenantId, envelope.Id),
            [.. database.Tables.VersionsOf(envelope.TenantId, envelope.Id).Select(version => version.State)]) { Category = envelope.Category, ConsentExempt = envelope.ConsentExempt };
    }

    private IEnumerable<StoredEvent> Events(string endpointId, bool enabled)
    {
        var dead = database.Tables.AttemptsOf(endpointId)
            .GroupBy(attempt => attempt.Sequence)
            .Where(attempts => attempts.MaxBy(a => a.Number) is { NextAttemptAt: null, Attempt.Verdict: not Domain.Webhooks.WebhookVerdict.Delivered })
            .Select(attempts => attempts.Key)
            .ToHashSet();
        return database.Tables.EventsOf(endpointId).Select(e => new StoredEvent(
            endpointId, e.Sequence, e.Type, e.Message?.Envelope.Id, WebhookEventId.Of(endpointId, e.Sequence, e.Type, e.Message?.Envelope.Id, e.At), enabled,
            dead.Contains(e.Sequence)) { At = e.At });
    }
}

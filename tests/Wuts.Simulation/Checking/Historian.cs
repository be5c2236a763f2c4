using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Simulation.Clients;
using Wuts.Simulation.Internet;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;
using Wuts.Simulation.World;
using Wuts.Testing.Checking;
using Wuts.Webhooks;

namespace Wuts.Simulation.Checking;

/// <summary>Gathers what every party saw into one <see cref="History"/>.</summary>
internal sealed class Historian(Client client, WhatsApp network, Receivers receivers, Database database, CommitLog commits, Tenancy tenancy)
{
    public History Write()
    {
        var endpoints = database.Tables.Endpoints;
        return new()
        {
            Requests = [.. client.Requests],
            HandOvers = [.. network.Log.Select(taken =>
                new HandOver(taken.At, taken.Device.TenantId, taken.Device.DeviceId, taken.Chat, taken.Id) { From = taken.From, Until = taken.Until })],
            Receipts = [.. network.Acknowledged],
            Inbound = network.Received.ToImmutableArray(),
            Messages = [.. database.Tables.Messages.Select(Row)],
            Events = [.. endpoints.SelectMany(endpoint => Events(endpoint.Id, endpoint.Enabled))],
            WebhookTries = [.. receivers.Tries.Where(t => endpoints.Any(e => e.Id == t.EndpointId))], // those of a removed device have nothing left to be compared with
            FencedWrites = [.. commits.Fenced],
            WatchedEndpoints = [.. endpoints.Where(e => tenancy.WasNeverChanged(e.Id) && !receivers.WasGone(e.Id)).Select(e => new WatchedEndpoint(e.Id, e.TenantId, e.DeviceId))],
            Disturbances = [.. network.Moves],
        };
    }

    private StoredMessage Row(Message message)
    {
        var envelope = message.Envelope;
        return new(
            envelope.TenantId, envelope.DeviceId, envelope.Id, envelope.ChatJid, envelope.Position, envelope.AcceptedAt, envelope.DueAt, message.State,
            message.UncertainAt is not null, message.OverdueAt is not null,
            database.Tables.TimelineOf(envelope.TenantId, envelope.Id),
            [.. database.Tables.VersionsOf(envelope.TenantId, envelope.Id).Select(version => version.State)]);
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

using Wuts.Domain.Delivery;
using Wuts.Simulation.Network;
using Wuts.Testing.Checking;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.Checking;

/// <summary>The promises that can be judged at once, looked at whenever something happens: a run stops at the step that breaks one.</summary>
/// <param name="fail">Stops the run. An exception thrown here would be taken for the network's or the database's.</param>
internal sealed class StepChecker(MemoryDatabase tables, Action<Violation> fail)
{
    private readonly Dictionary<string, int> _taken = [];
    private readonly Dictionary<string, DateTimeOffset> _promised = [];
    private readonly Dictionary<string, MessageState> _proven = [];

    /// <summary>An answer of 2xx means that the row is there now.</summary>
    public void OnAnswered(ClientRequest request)
    {
        if (request.Answer is not ClientAnswer.Accepted { MessageId: var id })
        {
            return;
        }

        _promised.TryAdd(id, request.AnsweredAt!.Value);
        if (Find(request.TenantId, id) is null)
        {
            fail(new(Invariant.NoneLost, id, $"The client was told that {id} is accepted, and no row is stored."));
        }
    }

    /// <summary>What the network takes is stored, due, first of its chat, and new unless it is flagged.</summary>
    public void OnTaken(WhatsApp.Taken taken)
    {
        var times = _taken[taken.Id] = _taken.GetValueOrDefault(taken.Id) + 1;
        if (Find(taken.Device.TenantId, taken.Id) is not { } message)
        {
            fail(new(Invariant.NoneLost, taken.Id, $"The network took {taken.Id}, of which no row is stored."));
            return;
        }

        if (taken.At < message.Envelope.DueAt)
        {
            fail(new(Invariant.NotBeforeDue, taken.Id, $"It left at {taken.At:O} and is due at {message.Envelope.DueAt:O}."));
        }

        if (times > 1 && message.UncertainAt is null)
        {
            fail(new(Invariant.NoneDoubled, taken.Id, $"The network took it {times} times, and it was never uncertain."));
        }

        if (times == 1 && Overtaken(message) is { } earlier)
        {
            fail(new(Invariant.ChatOrder, taken.Id, $"It left before {earlier.Envelope.Id}, which was accepted before it in the same chat and is {earlier.State}."));
        }
    }

    /// <summary>Evidence only grows.</summary>
    public void OnStored(Message message)
    {
        var id = message.Envelope.Id;
        if (_proven.TryGetValue(id, out var proven) && !(message.Delivery.State >= proven))
        {
            fail(new(Invariant.EvidenceOnlyGrows, id, $"It was proven {proven}, and is stored as {message.State} now."));
        }

        if (message.State == MessageState.Queued && _taken.ContainsKey(id))
        {
            fail(new(Invariant.NoneDoubled, id, "It is queued again, and the network took it before: nobody asked, or nobody listened."));
        }

        if (message.Delivery.State is { } now)
        {
            _proven[id] = now;
        }
    }

    // Its client knew that it was accepted before the other one was claimed.
    private Message? Overtaken(Message message)
    {
        var envelope = message.Envelope;
        var claimed = tables.TimelineOf(envelope.TenantId, envelope.Id).LastOrDefault(entry => entry.Kind == TimelineKind.Claimed)?.At;
        return tables.Read(t => t.Messages
            .UnsentOf(new(envelope.TenantId, envelope.DeviceId))
            .Select(row => row.Message)
            .FirstOrDefault(m => m.Envelope.Position < envelope.Position
                && m.Envelope.ChatJid == envelope.ChatJid
                && m.UncertainAt is null
                && !_taken.ContainsKey(m.Envelope.Id)
                && _promised.TryGetValue(m.Envelope.Id, out var promised)
                && promised < claimed));
    }

    private Message? Find(string tenantId, string id) => tables.Read(t => t.Messages.Find(tenantId, id)?.Message);
}

/// <summary>A run has broken a promise.</summary>
internal sealed class ViolationException(Violation violation) : Exception(violation.ToString())
{
    public Violation Violation => violation;
}

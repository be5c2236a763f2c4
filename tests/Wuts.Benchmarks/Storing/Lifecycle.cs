using System.Collections.Immutable;
using System.Globalization;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Benchmarks.Storing;

/// <summary>All that is written of one message from its acceptance until it was played: six transitions, four of them with an event.</summary>
internal static class Lifecycle
{
    /// <summary>Rows of one lifecycle: a message row, a timeline row and, but for the acceptance and the claim, an outbox row for each transition.</summary>
    public const int Rows = 16;

    /// <summary>Transitions, each of which is one write of the message's row.</summary>
    public const int Writes = 6;

    /// <summary>The first of these write under the fence of their device's epoch.</summary>
    public const int FencedWrites = 2;

    private static readonly DeliveryStage[] Receipts = [DeliveryStage.Delivered, DeliveryStage.Read, DeliveryStage.Played];

    /// <param name="number">Tells it from all others; it also chooses the recipient.</param>
    public static ImmutableArray<Transition> Of(DeviceKey device, long epoch, long number)
    {
        var now = DateTimeOffset.UtcNow;
        var text = number.ToString(CultureInfo.InvariantCulture);
        var envelope = new MessageEnvelope
        {
            Id = MessageId.FromOperation(device.TenantId, text),
            TenantId = device.TenantId,
            DeviceId = device.DeviceId,
            UserId = "b7a3a1de-1c89-4a8e-8f0d-3f1c5d8a2b11",
            ChatJid = $"551191{number % 300:D7}@s.whatsapp.net",
            Content = new TextContent("Your order is on its way. Reply 1 to change its time.", []),
            Fingerprint = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            AcceptedAt = now,
            DueAt = now,
            Typing = TimeSpan.Zero,
            Position = number,
        };
        var accepted = Message.Accept(envelope, epoch, claim: false);
        var claimed = accepted.Message.Claim(epoch, now)!;
        var sent = claimed.Message.Record(epoch, 1, new DispatchOutcome.Accepted(envelope.Id, now.AddMilliseconds(5)), now)!;
        var transitions = ImmutableArray.CreateBuilder<Transition>(Writes);
        transitions.AddRange(accepted, claimed, sent);
        foreach (var stage in Receipts)
        {
            transitions.Add(transitions[^1].Message.Apply([new(stage, now.AddMilliseconds(10))])!);
        }

        return transitions.MoveToImmutable();
    }
}

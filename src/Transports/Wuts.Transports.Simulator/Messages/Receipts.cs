using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator.Messages;

/// <summary>Delivered, read, played: one after the other, each after its latency, as long as the phone lets it.</summary>
internal sealed class Receipts(NetworkCore core, Reactions reactions)
{
    /// <summary>Lets messages go on that the state of their phone, or a restart, had stopped. Called under the gate.</summary>
    /// <param name="to">Only those to this number; <c>null</c> for all.</param>
    public void Resume(string? to = null)
    {
        foreach (var message in core.State.Open.Values.Where(m => to is null || m.To == to).OrderBy(m => m.Seq).ToArray())
        {
            Continue(message);
        }
    }

    /// <summary>Schedules a message's next receipt, if its phone will give one. Called under the gate.</summary>
    public void Continue(NetworkMessage message)
    {
        var phone = core.State.Phones[message.To];
        if (message.Scheduled || phone.NextReceipt(message) is not { } next)
        {
            return;
        }

        message.Scheduled = true;
        var now = core.Clock.GetUtcNow();
        var due = next == LogKind.Delivered
            ? phone.InOrder(now + core.Chance.Between(core.Faults.ReceiptLatencyMs))
            : now + core.Chance.Between(core.Faults.ReadLatencyMs);
        core.Schedule.At(due, () => Happen(message));
    }

    private void Happen(NetworkMessage message)
    {
        lock (core.Gate)
        {
            message.Scheduled = false;
            if (core.State.Phones[message.To].NextReceipt(message) is not { } kind)
            {
                return; // the phone went offline meanwhile; its coming back resumes this
            }

            core.Record(new LogEntry
            {
                Kind = kind,
                Device = core.State.Outboxes[message.Device].DeviceName,
                From = message.Key.From,
                To = message.To,
                Id = message.Key.Id,
            });
            Continue(message);
            if (kind == LogKind.Delivered)
            {
                reactions.OnDelivered(message);
            }
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Testing.Checking;

namespace Wuts.EndToEnd.Tests.Witnesses;

/// <summary>The network's log, in the words of a <see cref="History"/>.</summary>
internal static class NetworkStory
{
    /// <summary>All that reached the network as a send: what it took, and what it had taken before.</summary>
    public static ImmutableArray<HandOver> HandOvers(IEnumerable<JsonNode> log) =>
    [
        .. log.Where(line => Kind(line) is "accepted" or "duplicate").Select(line => new HandOver(
            At(line), Device(line).Split('/')[0], Device(line).Split('/')[1], Jid.User((string)line["to"]!), (string)line["id"]!)),
    ];

    /// <summary>Receipts up to the lines that their device has acknowledged, with the time of that.</summary>
    public static ImmutableArray<AcknowledgedReceipt> Receipts(IEnumerable<JsonNode> log) => Acknowledge(log).Receipts;

    /// <summary>Receipts that the network still has to bring.</summary>
    public static ImmutableArray<string> ListUnacknowledged(IEnumerable<JsonNode> log) => Acknowledge(log).Waiting;

    private static (ImmutableArray<AcknowledgedReceipt> Receipts, ImmutableArray<string> Waiting) Acknowledge(IEnumerable<JsonNode> log)
    {
        var receipts = ImmutableArray.CreateBuilder<AcknowledgedReceipt>();
        var waiting = new Dictionary<string, Queue<JsonNode>>();
        foreach (var line in log)
        {
            if (Kind(line) is "delivered" or "read" or "played")
            {
                WaitingOf(line).Enqueue(line);
            }
            else if (Kind(line) == "acked")
            {
                while (WaitingOf(line).TryPeek(out var next) && (long)next["seq"]! <= (long)line["through"]!)
                {
                    WaitingOf(line).Dequeue();
                    receipts.Add(new AcknowledgedReceipt(At(line), (string)next["id"]!, Enum.Parse<DeliveryStage>(Kind(next), ignoreCase: true)));
                }
            }
        }

        return (receipts.DrainToImmutable(), [.. waiting.Values.SelectMany(q => q).Select(l => $"the network has to tell that {(string)l["id"]!} was {Kind(l)}")]);

        Queue<JsonNode> WaitingOf(JsonNode line)
        {
            if (!waiting.TryGetValue(Device(line), out var queue))
            {
                waiting[Device(line)] = queue = [];
            }

            return queue;
        }
    }

    private static string Kind(JsonNode line) => (string)line["kind"]!;

    private static string Device(JsonNode line) => (string)line["device"]!;

    private static DateTimeOffset At(JsonNode line) => line["at"]!.GetValue<DateTimeOffset>();
}

using Wuts.Transports.Simulator.Links;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Messages;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Simulator.Phones;

/// <summary>A phone, or a group or channel: whatever is no single number behaves as one phone of its own.</summary>
internal sealed class Phone(string number, DateTimeOffset createdAt)
{
    private const int LatelyKept = 50;

    // WhatsApp's names for what is listened to.
    private static readonly HashSet<string> VoiceKinds = ["audio", "voice", "ptt"];

    private readonly Dictionary<string, int> _received = [];
    private DateTimeOffset _lastDeliveryDue;

    public string Number { get; } = number;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public PhoneState State { get; private set; } = new();

    /// <summary>What the network holds of it as a sender; <c>null</c> while it never sent, was never written to and nobody complained.</summary>
    public Standing? Standing { get; private set; }

    public List<Link> Links { get; } = [];

    /// <summary>Who is seen typing.</summary>
    public HashSet<string> Typing { get; } = [];

    /// <summary>The last messages that it received, oldest first.</summary>
    public Queue<NetworkMessage> Lately { get; } = [];

    public Standing MakeStanding() => Standing ??= new Standing();

    /// <summary>How many messages of a sender it has since its reactions were changed; 0 while it has none.</summary>
    public int ReceivedFrom(string sender) => _received.GetValueOrDefault(sender);

    /// <summary>Takes a new state. The count of messages begins anew with other reactions.</summary>
    public void Become(PhoneState state)
    {
        if (!(State.Reactions ?? []).SequenceEqual(state.Reactions ?? []))
        {
            _received.Clear();
        }

        State = state;
    }

    public void Show(NetworkMessage message)
    {
        if (State.Reactions is { IsEmpty: false })
        {
            _received[message.Key.From] = ReceivedFrom(message.Key.From) + 1;
        }

        Lately.Enqueue(message);
        if (Lately.Count > LatelyKept)
        {
            Lately.Dequeue();
        }
    }

    /// <summary>What this phone will report next of a message; <c>null</c> when it reports nothing as things are.</summary>
    public LogKind? NextReceipt(NetworkMessage message) =>
        !State.Online || !State.Registered ? null
        : message.DeliveredAt is null ? LogKind.Delivered
        : message.ReadAt is null ? (State.Reads ? LogKind.Read : null)
        : message.PlayedAt is null && IsPlayed(message) ? LogKind.Played
        : null;

    public bool IsPlayed(NetworkMessage message) => State.Plays || VoiceKinds.Contains(message.Type);

    /// <summary>Puts a delivery after those before it, so that messages arrive in the order in which they were sent.</summary>
    public DateTimeOffset InOrder(DateTimeOffset due) => _lastDeliveryDue = due > _lastDeliveryDue ? due : _lastDeliveryDue;
}

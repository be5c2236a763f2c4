namespace Wuts.Domain.Delivery;

/// <summary>
/// Where a message is, as everybody outside sees it. The numbers are stored: never renumber them. Among the states that rest
/// on evidence from the network (<see cref="Sent"/> and above <see cref="Failed"/>) a larger number is the stronger proof.
/// </summary>
public enum MessageState
{
    /// <summary>Durable and waiting for its time, its chat, its device or its turn. Moved on by the device's claim.</summary>
    Queued = 0,

    /// <summary>Claimed by its device under an epoch: it is being handed to the network now.</summary>
    Dispatching = 10,

    /// <summary>Handed over, and nobody knows whether the network took it. Only evidence moves it on, never a blind resend.</summary>
    Uncertain = 20,

    /// <summary>The network took it. Not yet proof that a phone has it.</summary>
    Sent = 30,

    /// <summary>Called back before it left. Final.</summary>
    Canceled = 40,

    /// <summary>Refused by a rule of ours before it left. Final, with its reason.</summary>
    Rejected = 41,

    /// <summary>Its deadline passed before it left. Final, unless a receipt proves otherwise.</summary>
    Expired = 42,

    /// <summary>The network refused it, or attempts ran out. Final, unless a receipt proves otherwise.</summary>
    Failed = 50,

    /// <summary>The recipient's phone has it.</summary>
    Delivered = 60,

    /// <summary>The recipient opened the chat. Implies <see cref="Delivered"/>.</summary>
    Read = 70,

    /// <summary>The recipient played it (voice notes). Implies <see cref="Read"/>.</summary>
    Played = 80,
}

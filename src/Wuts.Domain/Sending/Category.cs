namespace Wuts.Domain.Sending;

/// <summary>
/// The kind of traffic that a message is. It decides its lane in the device's queue, and what consent, pace and warm-up ask of it.
/// The names are stored and shown in lower case: never rename them. They are those of WhatsApp's own pricing categories.
/// </summary>
public enum Category
{
    /// <summary>About something the recipient did or bought: a receipt, an appointment. What is not said to be anything else.</summary>
    Utility,

    /// <summary>One-time passwords: worthless a minute later, and asked for by the recipient.</summary>
    Authentication,

    /// <summary>An answer in a conversation that the recipient began.</summary>
    Service,

    /// <summary>Everything that the recipient did not wait for.</summary>
    Marketing,
}

namespace Wuts.Domain.Waiting;

/// <summary>What a message waits for. The names are shown in snake_case: add, never rename.</summary>
public enum WaitReason
{
    /// <summary>Its own time: the delay that its sender asked for.</summary>
    Delay,

    /// <summary>The time of its next attempt, after WhatsApp refused one for a passing reason.</summary>
    Retry,

    /// <summary>The time of its next attempt, after a fault of ours cut one short before the message left.</summary>
    Fault,

    /// <summary>An earlier message of its chat.</summary>
    ChatOrder,

    /// <summary>Its turn: others that are due go before it.</summary>
    Queue,

    /// <summary>The end of the typing indicator that its recipient sees.</summary>
    Typing,

    /// <summary>WhatsApp's answer: it is being handed over.</summary>
    HandedOver,

    /// <summary>Evidence: it was handed over, and nobody knows whether WhatsApp took it.</summary>
    Uncertain,

    /// <summary>The database, which is storing its acceptance.</summary>
    Storing,

    /// <summary>Its device, which does not have it in hand yet.</summary>
    PickUp,

    /// <summary>Its device, which has no link.</summary>
    DeviceDisconnected,

    /// <summary>Its device, which is making its link.</summary>
    DeviceConnecting,

    /// <summary>Its device, whose QR code or pair code waits for a phone.</summary>
    DevicePairing,

    /// <summary>Its device, which must be paired again.</summary>
    DeviceLoggedOut,

    /// <summary>Its device, which WhatsApp has banned.</summary>
    DeviceBanned,

    /// <summary>Its device, which is held by an operator or a rule.</summary>
    DevicePaused,

    /// <summary>Its device, which could not be asked.</summary>
    DeviceUnreachable,

    /// <summary>Its device, which is moving to another silo.</summary>
    Draining,

    /// <summary>A permit, or a place in its silo: others have the tenant's share now.</summary>
    Permit,

    /// <summary>The pace of its number: it is the next to leave, and may not yet.</summary>
    Pace,

    /// <summary>The day for which its recipient is planned, who is new to a number that is being warmed up.</summary>
    WarmUp,

    /// <summary>The end of a restriction: WhatsApp does not let the number write to its recipient yet.</summary>
    Restricted,
}

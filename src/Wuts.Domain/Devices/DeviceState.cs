namespace Wuts.Domain.Devices;

/// <summary>The state of a device's session. The names are stored and shown in snake_case: never rename them.</summary>
public enum DeviceState
{
    /// <summary>No live link. With credentials it can be connected without pairing again.</summary>
    Disconnected,

    /// <summary>A link is being made with stored credentials.</summary>
    Connecting,

    /// <summary>A QR code waits to be scanned.</summary>
    QrPending,

    /// <summary>A pair code waits to be entered on the phone.</summary>
    PairCodePending,

    /// <summary>Live: the only state in which messages leave.</summary>
    Connected,

    /// <summary>The link was removed, by us or from the phone. It must be paired again.</summary>
    LoggedOut,

    /// <summary>WhatsApp banned the number, for a time or for good.</summary>
    Banned,

    /// <summary>Held by an operator or a rule. Queued messages wait.</summary>
    Paused,
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wuts.Transports.Simulator.Log;

/// <summary>What a line of the network's log tells. The names are stored in snake_case: never rename them.</summary>
[JsonConverter(typeof(LogKindConverter))]
public enum LogKind
{
    /// <summary>The network began to run. No link is live after it.</summary>
    Started,

    /// <summary>A number exists from now on.</summary>
    PhoneCreated,

    /// <summary>The phone's state was changed; the line has all of it.</summary>
    PhoneChanged,

    /// <summary>A device was given a QR code.</summary>
    QrShown,

    /// <summary>A device was given a pair code for a number.</summary>
    PairCodeShown,

    /// <summary>A code ran out before a phone used it.</summary>
    PairingExpired,

    /// <summary>A phone paired a device; its link is live.</summary>
    Linked,

    /// <summary>A paired device made its link live.</summary>
    Connected,

    /// <summary>A device closed its link and kept the pairing, or a newer connection of it took the link over: the reason then says so.</summary>
    Disconnected,

    /// <summary>A device removed its pairing.</summary>
    LoggedOut,

    /// <summary>A phone removed a device's pairing.</summary>
    Unlinked,

    /// <summary>A link broke, and its device is told: during a send, of which an <see cref="Accepted"/> line before says whether it was taken, or with the network's process.</summary>
    Dropped,

    /// <summary>A device shows that it is typing.</summary>
    Typing,

    TypingEnded,

    /// <summary>A message was taken. At most one for a sender and an id.</summary>
    Accepted,

    /// <summary>A message came that was taken before.</summary>
    Duplicate,

    /// <summary>A message was not taken.</summary>
    Refused,

    /// <summary>The recipient's phone has the message.</summary>
    Delivered,

    Read,

    Played,

    /// <summary>A phone wrote to a number; all devices linked to that number are told.</summary>
    Received,

    /// <summary>A device's gateway has handled its events up to a line.</summary>
    Acked,

    FaultsChanged,

    /// <summary>A phone blocked a number: what that sends from now on never reaches it. With the message's id where one caused it.</summary>
    Blocked,

    /// <summary>A phone complained of a number. With the message's id where one caused it.</summary>
    Reported,

    /// <summary>A number is rated anew; its devices are told.</summary>
    QualityChanged,

    /// <summary>A number may not write to strangers, or opened many of the chats it may open, until a time; its devices are told.</summary>
    Restricted,

    /// <summary>A rule banned a number until a time; its links are down and its devices are told. A ban by hand is a <see cref="PhoneChanged"/>.</summary>
    Banned,

    RulesChanged,
}

internal sealed class LogKindConverter() : JsonStringEnumConverter<LogKind>(JsonNamingPolicy.SnakeCaseLower);

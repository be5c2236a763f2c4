namespace Wuts.Domain.Devices;

/// <summary>
/// What a network keeps a number from, short of a ban. A stranger is somebody who never wrote to the number. The numbers are stored:
/// never change them.
/// </summary>
public enum RestrictionKind
{
    /// <summary>
    /// A cap on first messages to strangers (WhatsApp's new-chat message cap). Chats that are open go on. A send over it fails
    /// with <see cref="Wuts.Domain.Sending.FailureCodes.NewChatCap"/>.
    /// </summary>
    NewChats = 1,

    /// <summary>
    /// No message to any stranger, written to before or not (WhatsApp's reach-out timelock). A send against it fails with
    /// <see cref="Wuts.Domain.Sending.FailureCodes.ReachOutTimelock"/>; WhatsApp holds tries against the number.
    /// </summary>
    ReachOut = 2,
}

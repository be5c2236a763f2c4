using Wuts.Domain.Delivery;

namespace Wuts.Domain.Sending;

/// <summary>
/// Codes of refusals on which more than the message depends: whoever paces a device acts on them. Transports translate their
/// network's codes to these; all other codes travel as they are.
/// </summary>
public static class FailureCodes
{
    /// <summary>The number sends faster than the network takes. The refusal says how long to wait, where the network does.</summary>
    public const string Throttled = "throttled";

    /// <summary>The number may not write to strangers until a time: WhatsApp's ack error of the reach-out timelock.</summary>
    public const string ReachOutTimelock = "463";

    /// <summary>The number has opened as many new chats as WhatsApp lets it until a time.</summary>
    public const string NewChatCap = "new_chat_cap";

    /// <summary>
    /// Whether a failure is about strangers only: chats in which the other side wrote are free to go on. The refusal's
    /// <see cref="SendOutcome.Refused.RetryAfter"/> is when it ends; before that the same send must not be tried.
    /// </summary>
    public static bool ConcernsStrangersOnly(this Failure failure) => failure.Code is ReachOutTimelock or NewChatCap;
}

using Wuts.Domain.Delivery;

namespace Wuts.Domain.Sending;

/// <summary>What a transport is asked to hand to the network.</summary>
/// <param name="ProviderId">The id under which the network shall know it. The same id again is the same message.</param>
public sealed record OutboundMessage(string ProviderId, string ChatJid, MessageContent Content);

/// <summary>What the network answered to one send.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The network took it (or says that it had it already).</summary>
    public sealed record Accepted(string ProviderId, DateTimeOffset At) : SendOutcome;

    /// <summary>The network refused it: it surely did not leave.</summary>
    /// <param name="Failure">Why; of <see cref="FailureCodes"/> where it is about the pace, or about whom the number may write to.</param>
    /// <param name="RetryAfter">How long the network asks us to wait, if it does: earlier the same send is refused again.</param>
    public sealed record Refused(Failure Failure, TimeSpan? RetryAfter = null) : SendOutcome;

    /// <summary>No session: it surely did not leave, and it is nobody's fault but the line's.</summary>
    public sealed record NotConnected : SendOutcome;

    /// <summary>No answer in time, or the line broke while waiting: it may have left.</summary>
    public sealed record Unknown(string Reason) : SendOutcome;
}

/// <summary>What a network knows of an id whose outcome we do not know.</summary>
public abstract record SendEvidence
{
    private SendEvidence()
    {
    }

    public sealed record Taken(DateTimeOffset At) : SendEvidence;

    /// <summary>It has not taken it, and nothing of ours that could still bring it is under way.</summary>
    public sealed record NotTaken : SendEvidence;

    /// <summary>The network cannot be asked, or does not know.</summary>
    public sealed record Silent : SendEvidence;
}

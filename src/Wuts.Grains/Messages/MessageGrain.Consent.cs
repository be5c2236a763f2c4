using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;

namespace Wuts.Grains.Messages;

// The database refuses to accept or to claim what consent forbids, in the write itself. Here it is found out why, and noted.
internal sealed partial class MessageGrain
{
    public Task<Message?> RejectUnconsented(Failure failure) =>
        Change(message => message.Envelope.ConsentExempt ? null : message.Reject(failure, clock.GetUtcNow()));

    /// <summary>A new message was not stored: stores why, if it was for want of consent. Else it tries again, as a consent may have come in between.</summary>
    private async Task<bool> AcceptRefused(MessageEnvelope envelope, long epoch, bool claim) => IsAsked(envelope)
        && await Store(await Refusal(envelope) is { } failure ? Message.Refuse(envelope, epoch, failure) : Message.Accept(envelope, epoch, claim), fenced: true);

    /// <summary>A claim was not stored, while the row is where it was. <c>null</c>: it was the fence.</summary>
    private async Task<ClaimOutcome?> ClaimRefused(Transition claim)
    {
        if (!IsAsked(claim.Message.Envelope))
        {
            return null;
        }

        if (await Refusal(claim.Message.Envelope) is { } failure)
        {
            return new ClaimOutcome.Refused(await RejectUnconsented(failure));
        }

        return await Store(claim, fenced: true) ? new ClaimOutcome.Claimed(_message!) : null;
    }

    /// <summary>
    /// Gives a claim again whose answer was lost, so that nothing was handed over. That may have been long ago: should its recipient have
    /// opted out since, it does not leave.
    /// </summary>
    private async Task<ClaimOutcome> ClaimedBefore(Message message)
    {
        if (!IsAsked(message.Envelope) || await Refusal(message.Envelope) is not { } failure)
        {
            return new ClaimOutcome.Claimed(message);
        }

        await Record(message.Epoch, message.Attempt, new DispatchOutcome.NotTaken());
        return new ClaimOutcome.Refused(await RejectUnconsented(failure));
    }

    private static bool IsAsked(MessageEnvelope envelope) => !envelope.ConsentExempt && Consent.Concerns(envelope.ChatJid);

    private async Task<Failure?> Refusal(MessageEnvelope envelope)
    {
        var policy = await consents.FindPolicyAsync(_tenantId);
        return policy.Refuse(envelope.ChatJid, envelope.Category, await consents.FindAsync(_tenantId, envelope.ChatJid));
    }
}

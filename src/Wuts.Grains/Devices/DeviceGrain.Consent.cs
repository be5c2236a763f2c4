using System.Collections.Immutable;
using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Messages;
using Wuts.Storage;
using Wuts.Webhooks;

namespace Wuts.Grains.Devices;

// What recipients say of being written to. It is stored with the message that says it, and from then on no claim for them is stored:
// that is what holds. The rest is for promptness: what waits is rejected at once, and nobody who said stop sees us typing.
internal sealed partial class DeviceGrain
{
    private const int AtATime = 64;
    private static readonly TimeSpan PolicyRemembered = TimeSpan.FromSeconds(10);

    private (ConsentPolicy Policy, ConsentKeywords Words) _consentRules;
    private DateTimeOffset _consentRulesUntil;
    private bool _typingInVain;

    public async Task HearOfOptOut(string chatJid, CancellationToken cancellationToken)
    {
        if (Exists())
        {
            await RejectWaiting(chatJid, cancellationToken);
        }
    }

    /// <summary>Inbound messages, with what they say of consent.</summary>
    private async Task<ImmutableArray<ReceivedMessage>> Hear(ImmutableArray<InboundMessage> received, CancellationToken cancellationToken)
    {
        var words = received.Any(MayBeKeyword) ? (await ConsentRules(cancellationToken)).Words : null;
        return [.. received.Select(message => new ReceivedMessage(
            message,
            WebhookData.MessageReceived(message),
            words is not null && MayBeKeyword(message) && words.Match(message.Text) is { } state ? Heard(message, state) : null))];
    }

    /// <summary>Does what follows from words that are stored. Safe to repeat, as events are.</summary>
    private async Task Heed(IEnumerable<Consent> words, CancellationToken cancellationToken)
    {
        foreach (var chat in words.GroupBy(word => word.ChatJid))
        {
            if (await consents.FindAsync(_key.TenantId, chat.Key, cancellationToken) is not { } consent)
            {
                continue;
            }

            if (consent.State == ConsentState.OptedOut)
            {
                await RejectWaiting(chat.Key, cancellationToken);
                await TellOthers(chat.Key, cancellationToken);
            }

            // Only the word that changed the state is answered: whoever says stop twice is not written to for it again.
            if (chat.FirstOrDefault(word => word.State == consent.State && word.At == consent.Since) is { } change)
            {
                await Confirm(change, cancellationToken);
            }
        }
    }

    private static bool MayBeKeyword(InboundMessage message) =>
        Consent.Concerns(message.ChatJid) && ConsentKeywords.Normalize(message.Text).Length > 0;

    private HeardConsent Heard(InboundMessage message, ConsentState state)
    {
        // Nobody speaks in the future, or a wrong clock would outweigh all that is said until then. Databases keep microseconds.
        var now = clock.GetUtcNow();
        var at = message.At < now ? message.At : now;
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
        var consent = new Consent
        {
            TenantId = _key.TenantId,
            ChatJid = message.ChatJid,
            State = state,
            Source = ConsentSource.Keyword,
            At = at,
            Since = at,
            DeviceId = _key.DeviceId,
            Detail = ConsentKeywords.Normalize(message.Text),
        };
        return new(consent, new DeviceNotice(WebhookEvents.Of(state), at, WebhookData.ConsentChanged(consent, message.Id)));
    }

    // A policy's new words count here within seconds; the claim looks at the modes themselves.
    private async Task<(ConsentPolicy Policy, ConsentKeywords Words)> ConsentRules(CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() >= _consentRulesUntil)
        {
            var policy = await consents.FindPolicyAsync(_key.TenantId, cancellationToken);
            _consentRules = (policy, keywords.With(policy.OptOutKeywords, policy.OptInKeywords));
            _consentRulesUntil = clock.GetUtcNow() + PolicyRemembered;
        }

        return _consentRules;
    }

    private async Task RejectWaiting(string chatJid, CancellationToken cancellationToken)
    {
        if (_queue.InChat(chatJid).IsEmpty || await consents.FindAsync(_key.TenantId, chatJid, cancellationToken) is not { State: ConsentState.OptedOut } consent)
        {
            return;
        }

        StopTypingTo(chatJid);
        foreach (var some in _queue.InChat(chatJid).Chunk(AtATime))
        {
            await Task.WhenAll(some.Select(message => Reject(message, ConsentPolicy.Default.Refuse(chatJid, message.Category, consent)!)));
        }

        ArmPump();
    }

    private async Task Reject(QueuedMessage message, Failure failure)
    {
        // The pump takes off what it has in hand, once the claim has told it.
        if (await Message(message.Id).RejectUnconsented(failure) is { State: MessageState.Rejected } rejected && _queue.InFlight != message.Id)
        {
            Departed(rejected);
        }
    }

    private void StopTypingTo(string chatJid)
    {
        if (_typing is { } typing && _queue.InFlight is { } id && _queue.Find(id)?.ChatJid == chatJid)
        {
            _typingInVain = true;
#pragma warning disable CA1849 // CancelAsync goes through the thread pool
            typing.Cancel();
#pragma warning restore CA1849
        }
    }

    // Another device that is not told finds out when it claims.
    private async Task TellOthers(string chatJid, CancellationToken cancellationToken)
    {
        var others = await messages.ListDevicesWithUnsentAsync(_key.TenantId, chatJid, cancellationToken);
        foreach (var some in others.Where(id => id != _key.DeviceId).Chunk(AtATime))
        {
            try
            {
                await Task.WhenAll(some.Select(id =>
                    GrainFactory.GetGrain<IDeviceGrain>(new DeviceKey(_key.TenantId, id).ToString()).HearOfOptOut(chatJid, cancellationToken)));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Log.OptOutNotTold(logger, e, _key);
            }
        }
    }

    private async Task Confirm(Consent change, CancellationToken cancellationToken)
    {
        var (policy, _) = await ConsentRules(cancellationToken);
        if (policy.ConfirmationOf(change.State) is { } text)
        {
            var command = new SendCommand
            {
                MessageId = MessageId.FromOperation(_key.TenantId, $"consent\n{change.ChatJid}\n{change.Since.UtcTicks}\n{change.State}"),
                UserId = _device!.UserId,
                AnyDevice = true,
                ChatJid = change.ChatJid,
                Content = new TextContent(text, []),
                Fingerprint = "consent",
                Delay = TimeSpan.Zero,
                Typing = TimeSpan.Zero,
                Hold = TimeSpan.Zero,
                Patience = TimeSpan.Zero,
                QueueWhenNotReady = true,
                Category = Category.Service,
            };
            await TakeIn(command, toll: null, traceParent: null, cancellationToken, consentExempt: change.State == ConsentState.OptedOut);
        }
    }
}

using Orleans;
using Orleans.Runtime;
using Wuts.Domain.Quotas;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Tenants;
using Wuts.Storage;
using Wuts.Webhooks;

namespace Wuts.Grains.Devices;

// What the tenant has to say about a send. Of a tenant without limits only its terms are asked for, now and then.
internal sealed partial class DeviceGrain
{
    private static readonly TimeSpan TermsRenewed = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TermsValid = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DepthInterval = TimeSpan.FromSeconds(1);

    private const int MostTries = 3;

    private readonly SortedSet<long> _questions = []; // asked, and neither in the queue nor refused
    private Task<TenantTerms>? _termsAsked;
    private TenantTerms? _terms;
    private DateTimeOffset _termsFrom;
    private int _termsQuestion;
    private IGrainTimer? _depth;
    private long _reports;
    private int? _told;

    private ITenantGrain TenantOfDevice => GrainFactory.GetGrain<ITenantGrain>(_key.TenantId);

    public Task RefreshTerms(CancellationToken cancellationToken) => AskTerms();

    private async Task<SendAnswer> TakeIn(SendCommand command, string? traceParent, CancellationToken cancellationToken)
    {
        if (!IsThere || !(await Terms()).CountsSends)
        {
            return (await TakeIn(command, toll: null, traceParent, cancellationToken))!;
        }

        var toll = new Toll();
        var answer = await TakeIn(command, toll, traceParent, cancellationToken);
        for (var tries = 1; answer is null; tries++)
        {
            if (tries == MostTries)
            {
                throw new StorageUnavailableException("The tenant's quotas are being counted anew, again and again: the message was not accepted.");
            }

            toll = new();
            answer = await TakeIn(command, toll, traceParent, cancellationToken);
        }

        if (toll is { Charged: true, Spent: false })
        {
            toll.Quota = await Stand(tenant => tenant.GiveBack(command.MessageId));
        }

        return answer with { Quota = toll.Quota ?? await Stand(tenant => tenant.Look()) };
    }

    /// <summary>Asks the tenant to admit a message. <c>null</c> when it does; the question then stays open until <see cref="Close"/>.</summary>
    private async Task<SendAnswer?> Refuse(SendCommand command, Toll toll, CancellationToken cancellationToken)
    {
        toll.Question = ++_reports;
        _questions.Add(toll.Question);
        Admission admission;
        try
        {
            admission = await TenantOfDevice.Admit(new(command.MessageId, command.ChatJid, Depth(toll.Question)), cancellationToken);
        }
        catch
        {
            Close(toll); // if it was admitted all the same, its repetition is not counted again
            throw;
        }

        toll.Quota = admission.Quota;
        if (admission is Admission.Granted granted)
        {
            (toll.Charged, toll.At, toll.Epoch) = (granted.Charged, granted.CountedAt ?? granted.Quota.At, granted.Epoch);
            _told = null; // the tenant counts it until it hears that it has left
            WatchDepth();
            return null;
        }

        Close(toll);
        if (await AnswerRepeated(command, cancellationToken) is { } repeated)
        {
            return repeated;
        }

        var refused = (Admission.Refused)admission;
        await TellEndpoint(refused);
        metrics.RefusedByQuota(refused.Violated);
        return new SendAnswer.QuotaExceeded(refused.Violated, refused.RetryAfter);
    }

    /// <summary>What was asked is in the queue now, or never will be.</summary>
    private void Close(Toll? toll) => _questions.Remove(toll?.Question ?? 0);

    private async ValueTask<TenantTerms> Terms()
    {
        var age = clock.GetUtcNow() - _termsFrom;
        if (_terms is not { } terms || age >= TermsValid)
        {
            return await (_termsAsked is { IsCompleted: false } asked ? asked : AskTerms());
        }

        if (age >= TermsRenewed && _termsAsked is not { IsCompleted: false })
        {
            _ = AskTerms(); // nobody waits for them yet; if they do not come, somebody will
        }

        return terms;
    }

    private Task<TenantTerms> AskTerms() => _termsAsked = Ask(++_termsQuestion);

    private async Task<TenantTerms> Ask(int question)
    {
        var terms = await TenantOfDevice.GetTerms();
        if (question == _termsQuestion) // else they were asked for again, since they have changed
        {
            (_terms, _termsFrom) = (terms, clock.GetUtcNow());
            WatchDepth();
        }

        return terms;
    }

    private async Task<QuotaSnapshot?> Stand(Func<ITenantGrain, Task<QuotaSnapshot>> ask)
    {
        try
        {
            return await ask(TenantOfDevice);
        }
        catch (Exception e)
        {
            Log.QuotaUnknown(logger, e, _key); // the answer is worth more than its headers
            return null;
        }
    }

    private async Task TellEndpoint(Admission.Refused refused)
    {
        foreach (var policy in refused.Quota.Policies.Where(policy => refused.Tell.Contains(policy.Name)))
        {
            var at = refused.Quota.At;
            var data = WebhookData.QuotaExceeded(_key.DeviceId, policy.Name, policy.Quota, policy.ResetsAt, at);
            try
            {
                await inbox.AppendNoticeAsync(
                    _key, $"{WebhookEvents.QuotaExceeded}/{policy.Name}/{at.ToUnixTimeMilliseconds()}", new(WebhookEvents.QuotaExceeded, at, data));
            }
            catch (StorageUnavailableException e)
            {
                Log.QuotaNotTold(logger, e, _key, policy.Name);
            }
        }
    }

    private DepthReport Depth(long number) => new(_key.DeviceId, Epoch, number, _queue.Count, [.. _questions]);

    // While messages wait the tenant hears once a second how many, if that has changed: what has left makes room for other devices.
    private void WatchDepth()
    {
        if (_terms is { CountsDepth: true })
        {
            _depth ??= this.RegisterGrainTimer(TellDepth, new GrainTimerCreationOptions
            {
                DueTime = DepthInterval,
                Period = DepthInterval,
                Interleave = true,
            });
        }
    }

    private async Task TellDepth(CancellationToken cancellationToken)
    {
        if (_terms is not { CountsDepth: true } || !IsThere)
        {
            StopWatchingDepth();
            return;
        }

        var waiting = _queue.Count;
        if (waiting == _told && waiting == 0)
        {
            StopWatchingDepth();
        }
        else if (waiting != _told)
        {
            _told = waiting;
            await TellDepth(Depth(++_reports));
        }
    }

    private async Task TellDepth(DepthReport report)
    {
        try
        {
            await TenantOfDevice.TellDepth(report);
        }
        catch
        {
            _told = null; // a second later it is told again
            throw;
        }
    }

    private void StopWatchingDepth()
    {
        _depth?.Dispose();
        _depth = null;
    }

    /// <summary>What one send costs its tenant.</summary>
    private sealed class Toll
    {
        private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1); // databases keep microseconds

        public long Question { get; set; }

        /// <summary>As it stood last; <c>null</c> before anybody was asked.</summary>
        public QuotaSnapshot? Quota { get; set; }

        /// <summary>When it was counted.</summary>
        public DateTimeOffset? At { get; set; }

        /// <summary>The tenant's epoch in which it was admitted.</summary>
        public long? Epoch { get; set; }

        /// <summary>Whether it was counted for this very call.</summary>
        public bool Charged { get; set; }

        /// <summary>Whether the message that was counted is stored.</summary>
        public bool Spent { get; set; }

        /// <summary>Another call for the same message may have stored it with what was counted for this one. What was stored long ago was counted then.</summary>
        public void NoteRepeated(MessageEnvelope stored) => Spent = stored.AcceptedAt > At - Rounding;
    }
}

using System.Collections.Immutable;

namespace Wuts.Domain.Quotas;

/// <summary>
/// What a tenant has used of its limits, and whether one more message may be accepted. A message is counted when it is admitted, by all
/// policies or by none. Days are calendar days in UTC.
/// </summary>
/// <remarks>
/// It counts in place, since a window may hold 100,000 times, and belongs to one owner. Time never goes back in it. What is admitted and
/// not stored yet when it is rebuilt elsewhere is not in the database: the owner sees to it that there is none.
/// </remarks>
public sealed class TenantQuota
{
    /// <summary>When to ask again whether a queue has room: nobody knows when something leaves.</summary>
    private static readonly TimeSpan DepthRetry = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan TellInterval = TimeSpan.FromMinutes(1);

    /// <summary>A device that has something to tell does so more often than this.</summary>
    private static readonly TimeSpan DepthTrusted = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TenantLimits _limits;
    private readonly SlidingWindow? _window;
    private readonly RecentCharges _recent = new();
    private readonly NewRecipients _recipients = new();
    private readonly QueueDepths _depths;
    private readonly Dictionary<string, DateTimeOffset> _toldAt = new(StringComparer.Ordinal);
    private DateTimeOffset _now;
    private DateTimeOffset _depthReadAt;
    private long _today;

    /// <param name="usage">What is stored, as of <see cref="UsageSince.Of"/> for these limits and this time.</param>
    /// <param name="former">What has counted until now, if it is known: what it has admitted and is not stored yet goes on to count.</param>
    public TenantQuota(TenantLimits limits, TenantUsage usage, DateTimeOffset now, TenantQuota? former = null)
    {
        _limits = limits;
        _now = _depthReadAt = former?._now > now ? former._now : now;
        var stored = usage.Recent.Select(accepted => new RecentCharge(accepted.MessageId, accepted.ChatJid, accepted.At, OfRecipient: false));
        var admitted = former?._recent.All.Select(charge => charge with { OfRecipient = false }) ?? [];
        foreach (var charge in stored.Concat(admitted).DistinctBy(charge => charge.MessageId).OrderBy(charge => charge.At))
        {
            _recent.Add(charge);
        }

        var today = UsageSince.DayOf(_now);
        _today = usage.AcceptedToday + _recent.All.Count(charge => charge.At >= today);
        _window = limits.Rate is { } rate ? SlidingWindow.From(rate, usage.Window.Concat(_recent.All.Select(charge => charge.At))) : null;
        _recipients.Restore(former is null ? usage.NewToday : usage.NewToday.Union(former._recipients.Today));
        _depths = former?._depths ?? new();
        _depths.Correct(usage.Waiting, _now - DepthTrusted, _now);
    }

    /// <summary>Whether the decision needs to know if the recipient was ever written to before today.</summary>
    public bool AsksOf(string chatJid, DateTimeOffset now)
    {
        Pass(now);
        return _limits.NewRecipientsPerDay is not null && !_recipients.IsCounted(chatJid);
    }

    /// <summary>
    /// Whether the queues that stand against a message may be those of devices that are gone, so that a look at what is stored is worth it.
    /// Says so to one caller every ten seconds, who then calls <see cref="Correct"/>.
    /// </summary>
    public bool DoubtsDepth(DateTimeOffset now)
    {
        Pass(now);
        if (_depths.Total < (_limits.QueueDepth ?? int.MaxValue) || _now - _depthReadAt < DepthTrusted)
        {
            return false;
        }

        _depthReadAt = _now;
        return true;
    }

    /// <summary>Takes over how many messages wait in the devices that have told nothing for a while.</summary>
    public void Correct(ImmutableDictionary<string, int> waiting, DateTimeOffset now)
    {
        Pass(now);
        _depths.Correct(waiting, _now - DepthTrusted, _now);
    }

    /// <summary>Takes in how many messages wait in a device.</summary>
    public void Tell(DepthReport report, DateTimeOffset now)
    {
        Pass(now);
        _depths.Tell(report, _now);
    }

    /// <summary>Admits a message and counts it, or says what forbids it.</summary>
    /// <param name="isNew">Whether its recipient was never written to before today; of no account where <see cref="AsksOf"/> says no.</param>
    public Admission Admit(AdmitRequest request, bool isNew, DateTimeOffset now)
    {
        Pass(now);
        _depths.Tell(request.Depth, _now);
        var charge = _recent.Find(request.MessageId);
        var charged = charge is null;
        if (charge is null)
        {
            var counted = isNew && _limits.NewRecipientsPerDay is not null;
            var takes = counted && !_recipients.IsCounted(request.ChatJid);
            ImmutableArray<PolicyState> violated =
                [.. States().Where(state => state.Remaining == 0 && (takes || state.Name != QuotaPolicies.NewRecipients))];
            if (!violated.IsEmpty)
            {
                return Refuse(violated);
            }

            charge = new(request.MessageId, request.ChatJid, _now, counted && _recipients.Add(request.ChatJid));
            _recent.Add(charge);
            _window?.Add(_now);
            _today++;
        }

        _depths.Grant(request.Depth);
        return new Admission.Granted(Look(_now), charged) { CountedAt = charge.At };
    }

    /// <summary>A message that was counted came to nothing: nothing of it is stored.</summary>
    public QuotaSnapshot GiveBack(string messageId, DateTimeOffset now)
    {
        Pass(now);
        if (_recent.Take(messageId) is { } charge)
        {
            _window?.Remove(charge.At);
            _today -= charge.At >= UsageSince.DayOf(_now) ? 1 : 0;
            if (charge.OfRecipient)
            {
                _recipients.Remove(charge.ChatJid);
            }
        }

        return Look(_now);
    }

    /// <summary>How the policies stand.</summary>
    public QuotaSnapshot Look(DateTimeOffset now)
    {
        Pass(now);
        return new(_now, [.. States()]);
    }

    private Admission.Refused Refuse(ImmutableArray<PolicyState> violated)
    {
        ImmutableArray<(string Name, TimeSpan Wait)> waits =
            [.. violated.Select(state => (state.Name, Wait: state.ResetsAt - _now ?? DepthRetry)).OrderByDescending(policy => policy.Wait)];
        ImmutableArray<string> tell = [.. violated.Select(state => state.Name).Where(IsNews)];
        foreach (var name in tell)
        {
            _toldAt[name] = _now;
        }

        return new(Look(_now), [.. waits.Select(policy => policy.Name)], waits[0].Wait, tell);

        bool IsNews(string name) => !_toldAt.TryGetValue(name, out var told) || told + TellInterval <= _now;
    }

    private IEnumerable<PolicyState> States()
    {
        var midnight = UsageSince.DayOf(_now) + Day;
        if (_window is { } window)
        {
            yield return new(QuotaPolicies.Rate, window.Window.Quota, window.Window.Length, window.Remaining(_now), window.NextFreeAt(_now));
        }

        if (_limits.MessagesPerDay is { } daily)
        {
            yield return new(QuotaPolicies.Daily, daily, Day, Math.Max(0, daily - _today), midnight);
        }

        if (_limits.NewRecipientsPerDay is { } recipients)
        {
            yield return new(QuotaPolicies.NewRecipients, recipients, Day, Math.Max(0, recipients - _recipients.Count), midnight);
        }

        if (_limits.QueueDepth is { } depth)
        {
            yield return new(QuotaPolicies.QueueDepth, depth, null, Math.Max(0, depth - _depths.Total), null);
        }
    }

    private void Pass(DateTimeOffset now)
    {
        now = now > _now ? now : _now;
        for (var days = Math.Min(2, (UsageSince.DayOf(now) - UsageSince.DayOf(_now)).Days); days > 0; days--)
        {
            _today = 0;
            _recipients.BeginDay();
        }

        _now = now;
        _recent.Forget(now);
    }
}

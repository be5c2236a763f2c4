using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Pacing;
using Wuts.Storage;
using Wuts.Webhooks;

namespace Wuts.Grains.Devices;

// The number's health: what the session and the network say of it, kept and told.
internal sealed partial class DeviceGrain
{
    private PacePolicy _policy = null!;
    private DeviceHealth _health = null!;
    private DeviceHealth? _storedHealth;
    private QualityRating _toldRating;

    private async Task LoadHealth(CancellationToken cancellationToken)
    {
        _policy = _paceOptions.PolicyOf(_device!.Transport);
        _storedHealth = await healthStore.FindAsync(_key, cancellationToken);
        var fresh = _storedHealth is null;
        _health = _storedHealth ?? new DeviceHealth { Pace = Pace.Full(Profile, clock.GetUtcNow()) };
        _health = FollowPairing(_health with { Pace = _health.Pace.Within(_policy) }, before: null, _device.Session);
        _toldRating = _health.Pace.Rating;
        StartPace(fresh);
        await LoadContacts(cancellationToken);
    }

    public Task<DeviceHealthSnapshot?> GetHealth() => Task.FromResult(Exists() ? Describe(clock.GetUtcNow()) : null);

    private DeviceHealthSnapshot Describe(DateTimeOffset now)
    {
        var pace = _session.State == DeviceState.Banned ? _health.Pace : _health.Pace.Recovered(_policy, now);
        var missing = Math.Max(pace.Cap(_policy) - pace.Rate, 0) / Profile.Ceiling;
        var factor = Enum.GetValues<Category>().Min(category => pace.Factors.Of(category));
        var steps = (long)Math.Ceiling(Math.Max(missing, 1 - factor) / Profile.RecoverBy);
        return new()
        {
            Device = _device! with { Session = _session },
            Report = HealthReport.Of(_health, _watch.Settled(now, _policy.Rules), _policy.Rules, now),
            Pace = new()
            {
                Pace = pace,
                Ceiling = Profile.Ceiling,
                Floor = Profile.Floor,
                Cap = pace.Cap(_policy),
                Categories = [.. Enum.GetValues<Category>().Select(category => new CategoryPace(category, pace.RateOf(category, Profile)))],
                RecoveredAt = steps > 0 ? pace.QuietSince + Profile.RecoverEvery * steps : null,
            },
            Restrictions = [.. _health.Restrictions.Where(restriction => restriction.Holds(now) && restriction.Remaining is not > 0)],
            WarmUp = DescribeWarmUp(now),
        };
    }

    private void SetHealth(DeviceHealth next)
    {
        if (next.Pace != _health.Pace && next.Pace.Changes is [.., var change] && _health.Pace.Changes.LastOrDefault() != change)
        {
            metrics.PaceChanged(change.Signal);
            Log.PaceChanged(logger, _key, change.Signal, change.Before, change.After);
        }

        _health = next;
    }

    private void SetPace(Pace next)
    {
        if (!ReferenceEquals(next, _health.Pace))
        {
            SetHealth(_health with { Pace = next });
        }
    }

    /// <summary>A stored session has become another.</summary>
    private void FollowSession(DeviceSession before, DeviceSession after)
    {
        var now = clock.GetUtcNow();
        SetHealth(FollowPairing(_health, before, after));
        if (after.State == DeviceState.Banned && before.State != DeviceState.Banned)
        {
            SetHealth(_health with { BannedAt = now });
            SetPace(_health.Pace.Banned(_policy, now));
        }
        else if (before.State == DeviceState.Banned && after.IsConnected)
        {
            SetPace(_health.Pace.Banned(_policy, now)); // what passed while it was banned was no recovery
        }
    }

    /// <summary>A number that is new to the device begins its warm-up.</summary>
    private DeviceHealth FollowPairing(DeviceHealth health, DeviceSession? before, DeviceSession after)
    {
        var isNew = health.FirstPairedAt is null || (before?.Jid is { } number && after.Jid is not null && after.Jid != number);
        if (!isNew || after.PairedAt is not { } pairedAt)
        {
            return health;
        }

        var next = health with { FirstPairedAt = pairedAt };
        _warmUp = _warmUp is null ? null : _warmUp with { Began = WarmUp.DayOf(next.WarmUp.StartedAt ?? pairedAt) };
        return next;
    }

    private async Task ChangeHealth(DeviceEvent @event)
    {
        var now = clock.GetUtcNow();
        switch (@event)
        {
            case DeviceEvent.QualityChanged changed:
                SetPace(_health.Pace.Rated(_policy, changed.Rating, changed.At, now));
                break;
            case DeviceEvent.Restricted restricted:
                SetHealth(_health.With(new Restriction(restricted.Kind, restricted.Until, restricted.At, restricted.Remaining)));
                await ReleaseRestricted();
                break;
        }
    }

    private void CountDisconnect() => SetHealth(_health.Disconnected(_policy, clock.GetUtcNow()));

    /// <summary>Stores what changed, with the event that tells of it. Safe to call at any time.</summary>
    private async Task KeepHealth()
    {
        var now = clock.GetUtcNow();
        var (told, toldRating) = (_health.Told, _toldRating);
        var report = HealthReport.Of(_health, _watch, _policy.Rules, now);
        ImmutableArray<DeviceNotice> notices = [];
        if (report.Band != told || _health.Pace.Rating != toldRating)
        {
            _health = _health with { Told = report.Band };
            _toldRating = _health.Pace.Rating;
            notices = [new(WebhookEvents.DeviceQuality, now, WebhookData.DeviceQuality(_key.DeviceId, _session.Jid, report, _health.Pace, now))];
        }

        var health = _health;
        if (health == _storedHealth || !Exists())
        {
            return;
        }

        try
        {
            if (await healthStore.SaveAsync(_key, Epoch, health, notices) != WriteOutcome.Written)
            {
                throw Replaced("health");
            }

            _storedHealth = health;
        }
        catch (StorageUnavailableException)
        {
            _health = _health with { Told = told }; // to be told with the next change
            _toldRating = toldRating;
            throw;
        }
    }

    private bool HasHealthToKeep => _health != _storedHealth;

    // Where something else has been done already that must not be undone by this.
    private async Task TryKeepHealth()
    {
        if (!HasHealthToKeep)
        {
            return; // a score that has moved meanwhile is told within the minute, when the sweep comes by
        }

        try
        {
            await KeepHealth();
        }
        catch (StorageUnavailableException e)
        {
            Log.HealthNotKept(logger, e, _key);
        }
    }
}

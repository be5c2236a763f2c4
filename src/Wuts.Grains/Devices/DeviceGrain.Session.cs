using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Wuts.Domain.Devices;
using Wuts.Domain.Webhooks;
using Wuts.Storage;
using Wuts.Transports;
using Wuts.Webhooks;

namespace Wuts.Grains.Devices;

// The session: pairing, linking, and linking again after a loss.
internal sealed partial class DeviceGrain
{
    private static readonly TimeSpan NotReadyRetry = TimeSpan.FromSeconds(5);

    private DeviceSession _session = null!;
    private DeviceSession _stored = null!;
    private IGrainTimer _link = null!;
    private readonly List<Waiter<bool>> _linkAwaited = [];
    private Ticket? _qr;
    private Ticket? _pairCode;

    /// <param name="Phone">The number a pair code is for; <c>null</c> for a QR code.</param>
    private sealed record Ticket(string Code, DateTimeOffset GeneratedAt, DateTimeOffset ExpiresAt, string? Phone);

    private Ticket? CurrentQr => _session.State == DeviceState.QrPending && _qr?.ExpiresAt > clock.GetUtcNow() ? _qr : null;

    public Task<PairingAnswer> RequestQr(bool refresh, CancellationToken cancellationToken) => Pair(
        refresh ? null : CurrentQr,
        phone: null,
        token => _transport.RequestQrAsync(_key, token),
        cancellationToken);

    public Task<PairingAnswer> RequestPairCode(string phone, bool refresh, CancellationToken cancellationToken) => Pair(
        !refresh && _session?.State == DeviceState.PairCodePending && _pairCode?.Phone == phone && _pairCode.ExpiresAt > clock.GetUtcNow() ? _pairCode : null,
        phone,
        token => _transport.RequestPairCodeAsync(_key, phone, token),
        cancellationToken);

    public async Task<LinkAnswer> Connect(CancellationToken cancellationToken)
    {
        if (!Exists())
        {
            return new(LinkResult.NoSuchDevice);
        }

        if (!_session.IsPaired)
        {
            return new(LinkResult.NeedsPairing, _session.Reason);
        }

        if (!_session.IsConnected)
        {
            _session = _session.Connecting(clock.GetUtcNow());
            await Link(cancellationToken, WebhookEvents.ManualReconnect);
        }

        return _session.IsConnected ? new(LinkResult.Done)
            : !_session.IsPaired ? new(LinkResult.NeedsPairing, _session.Reason)
            : new(LinkResult.Failed, _session.Reason);
    }

    public async Task<LinkAnswer> Disconnect(CancellationToken cancellationToken)
    {
        if (!Exists())
        {
            return new(LinkResult.NoSuchDevice);
        }

        await _transport.DisconnectAsync(_key, cancellationToken);
        await Save(_session.Closed(clock.GetUtcNow()));
        return new(LinkResult.Done);
    }

    public async Task<LinkAnswer> Logout(CancellationToken cancellationToken)
    {
        if (!Exists())
        {
            return new(LinkResult.NoSuchDevice);
        }

        if (!_session.IsConnected || !await _transport.LogoutAsync(_key, cancellationToken))
        {
            return new(LinkResult.Failed, "The number is not connected, so the pairing cannot be removed at WhatsApp. Connect it first, or remove it on the phone.");
        }

        await Save(_session.LoggedOut(clock.GetUtcNow(), "logged out by its owner"));
        return new(LinkResult.Done);
    }

    public async Task<LinkAnswer> Purge(CancellationToken cancellationToken)
    {
        if (!Exists())
        {
            return new(LinkResult.NoSuchDevice);
        }

        await (_session.IsConnected ? _transport.LogoutAsync(_key, cancellationToken) : _transport.DisconnectAsync(_key, cancellationToken));
        _session = _session.LoggedOut(clock.GetUtcNow(), "removed by its owner"); // nothing more leaves
        Rouse();
        await devices.DeleteAsync(_key, cancellationToken); // first: from here on nothing can be accepted or claimed any more
        _removed = true;
        await AbandonUnsent(cancellationToken);
        DeactivateOnIdle();
        return new(LinkResult.Done);
    }

    private void StartSession()
    {
        // The row may say connected, but this process has no link yet: it makes one without telling anybody of a loss.
        _stored = _device!.Session;
        _session = _stored.IsConnected ? _stored.Connecting(clock.GetUtcNow()) : _stored;
        _link = this.RegisterGrainTimer(
            token => Link(token),
            new GrainTimerCreationOptions { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
        Reconnect();
    }

    private void Reconnect()
    {
        var due = _session.ShouldConnect(clock.GetUtcNow()) ? _session.ReconnectDelay(chance.NextDouble()) : Timeout.InfiniteTimeSpan;
        _link.Change(due, FaultDelay);
    }

    /// <summary>Whether the first attempt to link is under way: a device that has just moved here is ready in a moment, which is worth a wait.</summary>
    private bool IsAboutToLink => _session.Failures == 0 && _session.ShouldConnect(clock.GetUtcNow());

    /// <returns>What is left of the patience.</returns>
    private async Task<TimeSpan> AwaitLink(TimeSpan patience, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + patience;
        using var waiter = new Waiter<bool>(clock, patience, false, cancellationToken);
        _linkAwaited.Add(waiter);
        await waiter.Task;
        _linkAwaited.Remove(waiter);
        var left = until - clock.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void LinkLost(string reason)
    {
        _session = _session.Lost(clock.GetUtcNow(), reason);
        CountDisconnect();
        Rouse();
        Reconnect();
    }

    private async Task Link(CancellationToken cancellationToken, string? notice = null)
    {
        if (_session.ShouldConnect(clock.GetUtcNow()))
        {
            var outcome = await TryConnect(cancellationToken);
            var now = clock.GetUtcNow();
            await Save(
                outcome switch
                {
                    ConnectOutcome.Connected => _session.Connected(now),
                    ConnectOutcome.LoggedOut { Reason: var reason } => _session.LoggedOut(now, reason),
                    ConnectOutcome.Banned banned => _session.Banned(now, banned.Until, banned.Reason),
                    ConnectOutcome.Failed { Reason: var reason } => _session.Lost(now, reason),
                    _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
                },
                notice);
        }

        Reconnect();
    }

    /// <summary>Ends what waits for a device that is gone. If this is interrupted, the sweep comes back to it.</summary>
    private async Task AbandonUnsent(CancellationToken cancellationToken)
    {
        // One pass fails what is queued and doubts what is under way; the next gives up the doubtful.
        while (await messages.ListUnsentAsync(_key, long.MinValue, PageSize, cancellationToken) is { IsEmpty: false } page)
        {
            await Task.WhenAll(page.Select(unsent => Message(unsent.Id).Abandon(Failures.DeviceRemoved)));
        }
    }

    private async Task<ConnectOutcome> TryConnect(CancellationToken cancellationToken)
    {
        try
        {
            return await _transport.ConnectAsync(_key, _session.Credentials!, cancellationToken).WaitAsync(_options.SessionTimeout, clock, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ConnectFailed(logger, e, _key);
            return new ConnectOutcome.Failed(e is TimeoutException ? "WhatsApp did not answer in time" : "the link could not be made");
        }
    }

    private async Task<PairingAnswer> Pair(
        Ticket? cached, string? phone, Func<CancellationToken, Task<PairingTicket>> request, CancellationToken cancellationToken)
    {
        if (!Exists())
        {
            return new PairingAnswer.NoSuchDevice();
        }

        if (_session.IsPaired)
        {
            return new PairingAnswer.AlreadyPaired();
        }

        if (cached is not null)
        {
            return new PairingAnswer.Code(cached.Code, cached.GeneratedAt, cached.ExpiresAt, Cached: true);
        }

        PairingTicket ticket;
        try
        {
            ticket = await request(cancellationToken).WaitAsync(_options.SessionTimeout, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new PairingAnswer.TimedOut();
        }

        var now = clock.GetUtcNow();
        var made = new Ticket(ticket.Code, now, ticket.ExpiresAt, phone);
        (_qr, _pairCode) = phone is null ? (made, (Ticket?)null) : (null, made);
        await Save(phone is null ? _session.QrShown(now) : _session.PairCodeShown(now), phone is null ? WebhookEvents.QrGenerated : null);
        return new PairingAnswer.Code(made.Code, made.GeneratedAt, made.ExpiresAt, Cached: false);
    }

    /// <summary>Stores a session with the events that tell of it, and goes by it from then on.</summary>
    private async Task Save(DeviceSession session, string? notice = null)
    {
        var types = SessionNotices.Between(_stored, session);
        if (session != _stored || notice is not null)
        {
            var now = clock.GetUtcNow();
            ImmutableArray<DeviceNotice> notices =
                [.. (notice is null ? types : types.Insert(0, notice)).Select(type => new DeviceNotice(type, now, Render(type, session, now)))];
            if (await devices.SaveSessionAsync(_key, Epoch, session, notices) != WriteOutcome.Written)
            {
                throw Replaced("session");
            }

            Log.SessionChanged(logger, _key, session.State, session.Reason);
        }

        var before = _stored;
        _session = _stored = session;
        FollowSession(before, session);
        _linkAwaited.ForEach(waiter => waiter.Complete(true));
        if (session.IsConnected && _doubtful.Count > 0)
        {
            _evidence!.Change(TimeSpan.Zero, _options.EvidenceInterval); // now there is somebody to ask
        }

        ArmPump();
        Rouse();
        Reconnect();
        await TryKeepHealth();
    }

    private string Render(string type, DeviceSession session, DateTimeOffset now) =>
        type == WebhookEvents.QrGenerated && _qr is { } qr
            ? WebhookData.QrGenerated(_key.DeviceId, qr.Code, qr.ExpiresAt)
            : WebhookData.DeviceNotice(_key.DeviceId, session.Jid, session.Reason, now, session.BannedUntil);

    private TimeSpan RetryAfter() => _session.ShouldConnect(clock.GetUtcNow()) ? NotReadyRetry : TimeSpan.FromMinutes(1);
}

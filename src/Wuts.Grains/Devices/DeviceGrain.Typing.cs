using Wuts.Domain.Sending;

namespace Wuts.Grains.Devices;

// The typing indicator before a message.
internal sealed partial class DeviceGrain
{
    private CancellationTokenSource? _typing;
    private Waiter<bool>? _typingGoesOn;
    private (DateTimeOffset Since, DateTimeOffset Until)? _typingShown;
    private (string Id, TimeSpan Left)? _cutShort;

    private DateTimeOffset? GivesWayAt => _queue.GivesWayAt(_paceOptions.Enabled ? CategoryOpensAt : null);

    /// <summary>Shows that somebody is typing, for the message's time; after an interruption for what was left of it.</summary>
    /// <returns><c>false</c> when it was cut short, because a one-time password goes first. Nothing has been claimed, so nothing is in doubt.</returns>
    private async Task<bool> Type(QueuedMessage message, CancellationToken cancellationToken)
    {
        if (message.Typing <= TimeSpan.Zero)
        {
            return true;
        }

        using var ended = _typing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _typingInVain = false;
        try
        {
            await ShowTyping(message.ChatJid, true, ended.Token);
            var left = await TypeOn(TypingLeft(message), ended.Token);
            _cutShort = left > TimeSpan.Zero ? (message.Id, left) : null;
            return _cutShort is null;
        }
        catch (OperationCanceledException) when (_typingInVain)
        {
            return true; // its recipient has opted out: the claim says so
        }
        finally
        {
            _typing = null;
            _typingShown = null;
            await ShowTyping(message.ChatJid, false, CancellationToken.None);
        }
    }

    private TimeSpan TypingLeft(QueuedMessage message) => _cutShort?.Id == message.Id ? _cutShort.Value.Left : message.Typing;

    /// <returns>What was left when it was cut short.</returns>
    private async Task<TimeSpan> TypeOn(TimeSpan typing, CancellationToken ended)
    {
        var now = clock.GetUtcNow();
        var until = now + typing;
        for (_typingShown = (now, until); now < until; now = clock.GetUtcNow())
        {
            var givesWayAt = GivesWayAt;
            if (givesWayAt <= now)
            {
                return until - now;
            }

            using var waiter = new Waiter<bool>(clock, (givesWayAt < until ? givesWayAt.Value : until) - now, true, ended);
            _typingGoesOn = waiter;
            await waiter.Task;
            _typingGoesOn = null;
            ended.ThrowIfCancellationRequested();
        }

        return TimeSpan.Zero;
    }

    /// <summary>The queue has changed: whoever is typing looks whether it must give way now.</summary>
    private void LookWhileTyping()
    {
        if (GivesWayAt < _typingShown?.Until)
        {
            _typingGoesOn?.End();
        }
    }

    private async Task ShowTyping(string chatJid, bool typing, CancellationToken cancellationToken)
    {
        try
        {
            await _transport.SetTypingAsync(_key, chatJid, typing, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.TypingFailed(logger, e, _key); // a message without its indicator is still a message
        }
    }
}

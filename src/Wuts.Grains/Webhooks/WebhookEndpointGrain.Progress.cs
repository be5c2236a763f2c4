using Wuts.Domain.Webhooks;
using Wuts.Storage;
using Wuts.Webhooks;

namespace Wuts.Grains.Webhooks;

// What came of the attempts, and what of it is stored.
internal sealed partial class WebhookEndpointGrain
{
    private async Task TakeFinished()
    {
        foreach (var (sequence, task) in _underWay.Where(d => d.Value.IsCompleted).ToArray())
        {
            _underWay.Remove(sequence);
            await Take(await task);
        }

        if (!_unsaved.IsEmpty || _window.Watermark - _savedThrough >= SaveAfter)
        {
            await Save();
        }
    }

    private async Task Take(Delivery delivery)
    {
        var (job, attempt) = delivery;
        var now = clock.GetUtcNow();
        _window = _window.Finish(job.Event.Sequence);
        switch (attempt.Verdict)
        {
            case WebhookVerdict.Delivered:
                _circuit = _circuit.Succeeded();
                if (job.Attempt > 1)
                {
                    Keep(job, attempt, now, next: null);
                }

                break;

            case WebhookVerdict.Gone:
                Keep(job, attempt, now, next: now); // due at once, should the endpoint be enabled again
                await Disable(now);
                break;

            default:
                _circuit = _circuit.Failed(now, chance.NextDouble());
                var wait = DeliverySchedule.Next(job.Attempt, _endpoint?.Retries, chance.NextDouble(), attempt.RetryAfter);
                if (wait is null)
                {
                    Log.Dead(logger, _key, job.Event.Sequence, job.Attempt);
                    metrics.Died();
                }

                Keep(job, attempt, now, now + wait);
                break;
        }
    }

    private async Task Disable(DateTimeOffset now)
    {
        if (_endpoint is { Enabled: true } endpoint)
        {
            _endpoint = endpoint with { Enabled = false };
            Log.Disabled(logger, _key);
            await store.DisableAsync(_key.TenantId, _key.EndpointId, "The receiver answered 410 Gone.", now);
        }
    }

    private void Keep(Job job, WebhookAttempt attempt, DateTimeOffset now, DateTimeOffset? next)
    {
        _unsaved = _unsaved.Add(new(job.Event.Sequence, job.Attempt, now, attempt, next));
        _nextRetry = next < (_nextRetry ?? DateTimeOffset.MaxValue) ? next : _nextRetry;
    }

    private async Task Save()
    {
        if (_unsaved.IsEmpty && _window.Watermark == _savedThrough)
        {
            return;
        }

        var (watermark, attempts) = (_window.Watermark, _unsaved);
        await store.SaveProgressAsync(new(_key.TenantId, _key.EndpointId, watermark, attempts));
        _savedThrough = watermark;
        _unsaved = _unsaved.RemoveRange(0, attempts.Length);
        if (!attempts.IsEmpty)
        {
            _nextRetry = await store.FindNextRetryAsync(_key.EndpointId);
        }
    }
}

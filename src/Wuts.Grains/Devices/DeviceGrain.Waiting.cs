using Wuts.Domain.Pacing;
using Wuts.Domain.Waiting;

namespace Wuts.Grains.Devices;

// What its messages wait for. These calls only look.
internal sealed partial class DeviceGrain
{
    private const int MostCountedHere = 1000;

    public Task<WaitingFor?> Explain(WaitingMessage message)
    {
        var now = clock.GetUtcNow();
        if (!Exists())
        {
            return Task.FromResult<WaitingFor?>(null);
        }

        var facts = Facts(now);
        return Task.FromResult<WaitingFor?>(WaitingFor.Of(message, _queue.PlaceOf(message.Id, now, facts.Tempo), facts, now));
    }

    public async Task<QueueReport?> ExplainQueue()
    {
        if (!Exists())
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var (queue, facts) = (_queue, Facts(now));
        if (queue.Count <= MostCountedHere)
        {
            return QueueReport.Of(queue, facts, now);
        }

        facts = facts with { Tempo = facts.Tempo is { } tempo ? tempo with { Pairs = new Dictionary<string, Gcra>(_pairs) } : null };
        return await Task.Run(() => QueueReport.Of(queue, facts, now)); // none of these changes, and the device goes on meanwhile
    }

    private QueueFacts Facts(DateTimeOffset now) => new()
    {
        Session = _session,
        Draining = IsDraining,
        Typing = _typingShown,
        Permit = _permitSince is { } since ? new(since, _placeAhead ? null : _lease.NextUsable(now), _placeAhead) : null,
        Tempo = TempoAt(now),
        WarmUp = _warmUp,
        Restrictions = _health.Restrictions,
        AnswerLimit = _options.SendTimeout,
        Doubtful = _doubtful.ToDictionary(doubtful => doubtful.Key, doubtful => doubtful.Value.Since + _options.UncertainHold),
    };
}

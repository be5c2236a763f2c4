using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Grains.Pacing;

namespace Wuts.Grains.Devices;

// People who are new to the number: when it may write to them.
internal sealed partial class DeviceGrain
{
    private readonly KnownContacts _contacts = new();
    private readonly Dictionary<string, string> _held = []; // by chat, the message that was put off: it holds the others
    private WarmUp? _warmUp;

    public async Task<DeviceHealthSnapshot?> SetWarmUp(WarmUpSettings settings, CancellationToken cancellationToken)
    {
        if (!Exists())
        {
            return null;
        }

        SetHealth(_health with { WarmUp = settings });
        await KeepHealth();
        await LoadContacts(cancellationToken); // until it is through, what is accepted goes by the plan before
        await PlanAgain();
        return Describe(clock.GetUtcNow());
    }

    private async Task LoadContacts(CancellationToken cancellationToken)
    {
        var warmUp = NewWarmUp(clock.GetUtcNow());
        var stored = new List<Contact>();
        for (var more = warmUp is not null && !_contacts.IsComplete; more;)
        {
            var page = await healthStore.ListContactsAsync(_key, stored.Count > 0 ? stored[^1].ChatJid : string.Empty, PageSize, cancellationToken);
            stored.AddRange(page);
            more = page.Length == PageSize;
        }

        _contacts.IsComplete = warmUp is not null;
        stored.Where(contact => _contacts.Find(contact.ChatJid)?.Origin != ContactOrigin.Inbound).ToList().ForEach(_contacts.Put);
        _warmUp = warmUp?.Counting(_contacts.All);
    }

    /// <summary>
    /// A place may be promised twice: to a message whose acceptance got no answer, and then to another; or to a one-time password that could
    /// not leave on its day. Of those who still wait for such a day the last are planned anew when their time comes.
    /// </summary>
    private void TakeBackPlaces()
    {
        foreach (var (day, planned) in _warmUp?.Planned ?? ImmutableSortedDictionary<DateOnly, int>.Empty)
        {
            if (_warmUp!.AllowedOn(day) is { } allowed && planned > allowed)
            {
                _contacts.All
                    .Where(contact => contact is { PlannedAt: { } at, MessageId: { } id } && WarmUp.DayOf(at) == day && _queue.Contains(id) && !IsUrgent(contact.ChatJid))
                    .OrderByDescending(contact => contact.FirstAt)
                    .Take(planned - allowed)
                    .ToList()
                    .ForEach(contact => _contacts.Vacate(contact.ChatJid));
            }
        }
    }

    private WarmUp? NewWarmUp(DateTimeOffset now)
    {
        var options = _warmUpOptions;
        var warmUp = new WarmUp
        {
            Began = WarmUp.DayOf(_health.WarmUp.StartedAt ?? _health.FirstPairedAt ?? now),
            Schedule = _health.WarmUp.Schedule ?? options.ScheduleOf(_device!.Transport),
            WakingFrom = options.WakingFrom,
            WakingTo = options.WakingTo,
        };
        return (_health.WarmUp.Enabled ?? options.Enabled) && !warmUp.IsOver(now) ? warmUp : null;
    }

    private void EndWarmUpInTime(DateTimeOffset now)
    {
        if (_warmUp?.IsOver(now) == true)
        {
            _warmUp = null;
            _contacts.IsComplete = false;
        }
    }

    /// <summary>Whether a message is the one by which the number reaches out to somebody new.</summary>
    private bool ReachesOut(string chatJid, string messageId) =>
        _contacts.Find(chatJid) is { Origin: ContactOrigin.Outbound, MessageId: var first } && first == messageId;

    /// <summary>Puts a message off that is due, if the number may not write to its recipient now, or was to on a day that has passed.</summary>
    private async ValueTask<bool> IsPutOff(QueuedMessage message)
    {
        if (!Contact.IsPerson(message.ChatJid))
        {
            return false;
        }

        await LearnContact(message.ChatJid, message.Id);
        await LearnReach(message.ChatJid);
        var now = clock.GetUtcNow();
        EndWarmUpInTime(now);
        var contact = _contacts.Find(message.ChatJid);
        if (ForbiddenUntil(contact, message.Id, now) is { } until)
        {
            return await PutOff(message.Id, until, HoldReason.Restricted, contact: null);
        }

        return NeedsPlace(message.ChatJid, message.Id, now) && await Replan(message, contact, now);
    }

    /// <summary>
    /// Whether a message that is due writes to somebody new, and has no place today. After days without a link they would all leave at once,
    /// days' worth of them.
    /// </summary>
    private bool NeedsPlace(string chatJid, string messageId, DateTimeOffset now) =>
        _warmUp?.IsOver(now) == false && Contact.IsPerson(chatJid) && _contacts.Find(chatJid) switch
        {
            null => true,
            { Origin: ContactOrigin.Inbound } => false,
            _ when _contacts.IsVacant(chatJid) => true,
            { MessageId: { } first } when first != messageId => _queue.Contains(first), // who is first in the chat after all takes the place
            { MessageId: not null, PlannedAt: { } planned } => WarmUp.DayOf(planned) != WarmUp.DayOf(now),
            _ => false,
        };

    /// <summary>Whether a message that is claimed has its place among the strangers of a day that is over.</summary>
    private bool HasMissedItsDay(MessageEnvelope envelope) =>
        _warmUp is not null && _contacts.Find(envelope.ChatJid) is { Origin: ContactOrigin.Outbound, MessageId: { } first, PlannedAt: { } planned }
        && first == envelope.Id && clock.GetUtcNow() is var now && !_warmUp.IsOver(now) && WarmUp.DayOf(planned) < WarmUp.DayOf(now);

    private bool IsUrgent(string chatJid) => _queue.InChat(chatJid).Any(message => message.Category == Category.Authentication);

    private bool IsPastMidnight(QueuedMessage message, DateOnly day) => WarmUp.DayOf(clock.GetUtcNow()) > day && NeedsPlace(message.ChatJid, message.Id, clock.GetUtcNow());

    /// <summary>Gives a message its time among those who write to somebody new, and stores it. One-time passwords do not wait, nor does what stands before one.</summary>
    private async Task<bool> Replan(QueuedMessage message, Contact? contact, DateTimeOffset now)
    {
        var urgent = IsUrgent(message.ChatJid);
        DateTimeOffset? planned = null;
        if (_warmUp is not null)
        {
            (_warmUp, planned) = Without(_warmUp, contact).Plan(now, mayWait: !urgent);
        }

        contact ??= new(message.ChatJid, now, null, ContactOrigin.Outbound, message.Id);
        var moved = contact with { PlannedAt = planned ?? contact.PlannedAt, MessageId = message.Id };
        _contacts.Put(moved);
        if (urgent)
        {
            TakeBackPlaces();
        }

        _contacts.Vacate(message.ChatJid); // it counts, and is not stored yet
        var isOff = await PutOff(message.Id, planned ?? now, planned > now ? HoldReason.WarmUp : null, moved);
        if (!isOff && contact.PlannedAt is not null)
        {
            _warmUp = _warmUp is null ? null : Without(_warmUp, moved).Counting([contact]); // it is on its way, on the day it was planned for
            moved = contact with { MessageId = message.Id };
        }

        if (_contacts.IsVacant(message.ChatJid))
        {
            _contacts.Put(moved);
        }

        return isOff;
    }

    /// <summary>Plans everybody anew who waits for a day, in the order of acceptance.</summary>
    private async Task PlanAgain()
    {
        var now = clock.GetUtcNow();
        ImmutableArray<QueuedMessage> waiting = [.. _held.Values
            .Select(_queue.Find).OfType<QueuedMessage>()
            .Where(message => message.Hold == HoldReason.WarmUp)
            .OrderBy(message => message.Position)];
        foreach (var contact in waiting.Select(message => _contacts.Find(message.ChatJid)).OfType<Contact>())
        {
            _warmUp = _warmUp is null ? null : Without(_warmUp, contact);
            _contacts.Put(contact with { PlannedAt = null });
        }

        // Planned in order, stored together, and no more at a time than the writer takes.
        foreach (var some in waiting.Chunk(PageSize))
        {
            await Task.WhenAll(some.Select(message => Replan(
                message, _contacts.Find(message.ChatJid), now)));
        }

        ArmPump();
    }

    private WarmUpSnapshot DescribeWarmUp(DateTimeOffset now)
    {
        var began = _health.WarmUp.StartedAt ?? _health.FirstPairedAt;
        var warmUp = _warmUp ?? new WarmUp
        {
            Began = WarmUp.DayOf(began ?? now), Schedule = _health.WarmUp.Schedule ?? _warmUpOptions.ScheduleOf(_device!.Transport),
        };
        var today = WarmUp.DayOf(now);
        return new()
        {
            Enabled = _health.WarmUp.Enabled ?? _warmUpOptions.Enabled,
            StartedAt = began,
            Schedule = warmUp.Schedule,
            Days = _warmUp is null ? [] : [.. warmUp.Planned.Keys.Where(day => day > today && warmUp.PlannedOn(day) > 0).Prepend(today).Select(day => new WarmUpDay(
                Midnight(day), Math.Max(0, day.DayNumber - warmUp.Began.DayNumber) + 1, warmUp.AllowedOn(day), warmUp.PlannedOn(day)))],
            EndsAt = began is null ? null : Midnight(warmUp.Ends),
            IsOver = warmUp.IsOver(now),
            Held = _held.Count,
        };
    }

    private static WarmUp Without(WarmUp warmUp, Contact? contact) => contact?.PlannedAt is { } planned ? warmUp.Without(planned) : warmUp;

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

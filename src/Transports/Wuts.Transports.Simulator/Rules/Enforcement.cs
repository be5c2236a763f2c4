using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator.Rules;

/// <summary>
/// Holds numbers to the rules: refuses what they may not send, and after each line of the log rates, restricts and bans. All
/// methods are called under the gate. What it does is a line of its own, so that a replay needs no judgement.
/// </summary>
internal sealed class Enforcement(NetworkCore core)
{
    private static readonly Failure ReachOut = new(
        FailureCodes.ReachOutTimelock, FailureClass.Quality, Retryable: true,
        "WhatsApp lets this number write only to people who have written to it, for a time.");

    private static readonly Failure NewChats = new(
        FailureCodes.NewChatCap, FailureClass.Policy, Retryable: true,
        "This number has begun as many new chats as WhatsApp allows for a time.");

    /// <summary>Lets complaints that outlived a restart grow old in time.</summary>
    public void Resume()
    {
        foreach (var phone in core.State.Phones.Values)
        {
            foreach (var at in phone.Standing?.Forgetting() ?? [])
            {
                AssessAt(at, phone);
            }
        }
    }

    /// <summary>How long a number must wait, because it sends faster than <c>max_per_second</c>; <c>null</c> when it need not.</summary>
    public TimeSpan? TooFast(string number)
    {
        if (core.Faults.MaxPerSecond is var rate && rate <= 0)
        {
            return null;
        }

        // So many in that time; for less than one a second, one in more than a second.
        var count = Math.Max(1, (int)rate);
        var free = core.State.Phones[number].Standing?.SendBefore(count) + TimeSpan.FromSeconds(count / rate);
        var now = core.Clock.GetUtcNow();
        return free > now ? free - now : null;
    }

    /// <summary>Why a number may not write to another now, and for how long; <c>null</c> when it may.</summary>
    public (Failure Failure, TimeSpan Wait)? Forbids(string number, string to)
    {
        var sender = core.State.Phones[number];
        var now = core.Clock.GetUtcNow();
        if (sender.Standing?.IsStranger(to) ?? Standing.IsPerson(to))
        {
            if (sender.State.ReachOutUntil is { } until && until > now)
            {
                return (ReachOut, until - now);
            }

            if (CapOf(sender) is > 0 and var cap && sender.Standing is { } standing && standing.WouldOpen(to) && standing.CountNewChats(now) >= cap)
            {
                return (NewChats, standing.ChatsUntil!.Value - now);
            }
        }

        return null;
    }

    /// <summary>Does what a line brings about.</summary>
    public void After(LogEntry entry)
    {
        switch (entry.Kind)
        {
            case LogKind.Accepted:
                AfterSend(entry, core.State.Phones[entry.From!]);
                break;
            case LogKind.Blocked or LogKind.Reported when core.State.Phones.GetValueOrDefault(entry.To!) is { } accused:
                AssessAt(entry.At + QualityRule.Memory, accused);
                Assess(accused);
                BanIfReported(accused);
                break;
        }
    }

    /// <summary>How many new chats a number may open in a day; 0 for any number.</summary>
    public int CapOf(Phone phone) => phone.State.NewChatCap ?? core.Rules.NewChatCap;

    private void AfterSend(LogEntry entry, Phone sender)
    {
        var standing = sender.Standing!;
        if (standing.HasComplaints || standing.Rating != QualityRating.Green)
        {
            Assess(sender);
        }

        if (standing.LastOpening == entry.Seq && CapOf(sender) is > 0 and var cap)
        {
            var left = Math.Max(0, cap - standing.CountNewChats(entry.At));
            if (left == 0 || left == cap / 2 || left == cap / 10)
            {
                Restrict(sender, RestrictionKind.NewChats, standing.ChatsUntil!.Value, left);
            }
        }

        var age = entry.At - (sender.State.Since ?? sender.CreatedAt);
        var strangers = standing.CountStrangers(entry.At);
        if (core.Rules.Bans && age < TimeSpan.FromDays(core.Rules.YoungDays) && strangers > core.Rules.StrangersPerDay)
        {
            Ban(sender, $"a number of {age.TotalDays:0} days wrote to {strangers} strangers within 24 hours, where {core.Rules.StrangersPerDay} are allowed");
        }
    }

    private void Assess(Phone phone)
    {
        var now = core.Clock.GetUtcNow();
        if (phone.Standing is not { } standing)
        {
            return;
        }

        var (complaints, messages) = (standing.CountBlocks(now) + standing.CountReports(now), standing.CountMessages(now));
        var rating = QualityRule.Rate(complaints, messages);
        if (rating == standing.Rating)
        {
            return;
        }

        core.Record(new LogEntry
        {
            Kind = LogKind.QualityChanged,
            From = phone.Number,
            Rating = rating,
            Reason = $"{complaints} blocks and reports in {messages} messages",
        });
        if (rating == QualityRating.Red && core.Rules.ReachOutMinutes > 0)
        {
            Restrict(phone, RestrictionKind.ReachOut, now + TimeSpan.FromMinutes(core.Rules.ReachOutMinutes), remaining: null);
        }
    }

    private void BanIfReported(Phone phone)
    {
        var now = core.Clock.GetUtcNow();
        if (!core.Rules.Bans || phone.Standing is not { } standing)
        {
            return;
        }

        var (reports, messages) = (standing.CountReports(now, standing.BannedAt), standing.CountMessages(now));
        if (QualityRule.Share(reports, messages) > core.Rules.ReportShare)
        {
            Ban(phone, $"{reports} of {messages} messages were reported");
        }
    }

    private void Ban(Phone phone, string reason)
    {
        var now = core.Clock.GetUtcNow();
        if (phone.State.IsBanned(now))
        {
            return;
        }

        var again = phone.Standing!.BannedAt is { } last && now - last < NetworkRules.BanMemory;
        core.Record(new LogEntry
        {
            Kind = LogKind.Banned,
            From = phone.Number,
            Until = now + TimeSpan.FromMinutes(again ? core.Rules.RepeatBanMinutes : core.Rules.BanMinutes),
            Reason = reason,
        });
    }

    private void Restrict(Phone phone, RestrictionKind kind, DateTimeOffset until, int? remaining) => core.Record(new LogEntry
    {
        Kind = LogKind.Restricted,
        From = phone.Number,
        Restriction = kind,
        Until = until,
        Remaining = remaining,
    });

    private void AssessAt(DateTimeOffset due, Phone phone) => core.Schedule.At(due, () =>
    {
        lock (core.Gate)
        {
            Assess(phone);
        }
    });
}

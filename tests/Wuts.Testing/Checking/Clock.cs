using System.Globalization;

namespace Wuts.Testing.Checking;

/// <summary>Writes times for people: <c>hh:mm:ss.fff</c>, and the day's number when it is not the first of the run.</summary>
internal sealed class Clock(History history)
{
    private readonly DateTime _firstDay = Times(history).DefaultIfEmpty().Min().UtcDateTime.Date;

    public string Show(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        var day = (utc.Date - _firstDay).Days + 1;
        var time = utc.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return day == 1 ? time : $"day {day} {time}";
    }

    private static IEnumerable<DateTimeOffset> Times(History history) =>
    [
        .. history.Requests.Select(r => r.AskedAt),
        .. history.HandOvers.Select(h => h.At),
        .. history.Receipts.Select(r => r.At),
        .. history.Messages.Select(m => m.AcceptedAt),
        .. history.WebhookTries.Select(t => t.At),
        .. history.Disturbances.Select(d => d.At),
        .. history.FencedWrites.Select(w => w.At),
        .. history.ConsentChanges.Select(c => c.At),
    ];
}

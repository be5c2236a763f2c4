using System.Globalization;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;

namespace Wuts.Domain.Waiting;

// What holds a number, and not a message, in words.
internal static partial class Sentences
{
    private static string OfPermit(PermitWait permit) => permit switch
    {
        { ForPlace: true } => "As many messages are being handed over at once as its server takes; it leaves when there is a place for one more of its tenant.",
        { Until: { } until } => $"It is typed, and the tenant's share of the capacity lets it leave at {At(until)}.",
        _ => "It is typed, and other devices have the tenant's share of the capacity now; it leaves with its device's next permit.",
    };

    private static string OfPace(PaceHold hold) => hold.Kind switch
    {
        PaceHoldKind.Network => $"WhatsApp asked this number to send more slowly: nothing leaves before {At(hold.Until)}.",
        PaceHoldKind.Recipient => $"WhatsApp takes only so many messages to one recipient in a short time: this one may leave at {At(hold.Until)}.",
        PaceHoldKind.Category =>
            $"Its number sends {RateOf(hold.Flow!)} of the category {hold.Category.ToString().ToLowerInvariant()}{Because(hold.Flow!)}: it may leave at {At(hold.Until)}.",
        _ => $"It is the next to leave, and its number sends {RateOf(hold.Flow!)}{Because(hold.Flow!)}: it may leave at {At(hold.Until)}.",
    };

    private static string OfWarmUp(WarmUp? warmUp, DateTimeOffset until, DateTimeOffset now)
    {
        var today = WarmUp.DayOf(now);
        return warmUp?.AllowedOn(today) is { } allowed && WarmUp.DayOf(until) > today && warmUp.PlannedOn(today) >= allowed
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The number is being warmed up: it may write to {People(allowed)} for the first time today, and {warmUp.PlannedOn(today):N0} are planned. Its recipient is new, and planned for {At(until)}.")
            : $"The number is being warmed up, and its recipient is new to it: this message is planned for {At(until)}.";
    }

    private static string OfRestriction(QueueFacts? facts, DateTimeOffset until, DateTimeOffset now)
    {
        var inForce = facts?.Restrictions.Where(restriction => restriction.Holds(now)).OrderByDescending(restriction => restriction.Until == until).FirstOrDefault();
        return inForce is null
            ? $"WhatsApp does not let this number write to its recipient before {At(until)}."
            : $"WhatsApp lets this number {(inForce.Kind == RestrictionKind.ReachOut ? "write only to people who have written to it" : "begin no new chats")}"
                + (inForce.Until is null ? $", and said no end: the next look is at {At(until)}." : $" until {At(until)}.");
    }

    private static string RateOf(Flow flow) => (flow.Rate * 60) switch
    {
        > 0.995 and < 1.005 => "one message a minute",
        var rate => string.Create(CultureInfo.InvariantCulture, $"{rate:#,0.##} messages a minute"),
    };

    private static string Because(Flow flow) => flow.SlowedBy switch
    {
        PaceSignal.Undelivered => " (slowed since too many did not reach a phone)",
        PaceSignal.Blocked => " (slowed since recipients block or report it)",
        PaceSignal.Throttled => " (slowed since WhatsApp asked for it)",
        PaceSignal.Quality => " (slowed since WhatsApp rates its quality low)",
        PaceSignal.Disconnects => " (slowed since its link broke too often)",
        PaceSignal.TemporaryBan => " (slowed since it was banned for a time)",
        _ => "",
    };

    private static string People(int count) => count == 1 ? "one person" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} people");
}

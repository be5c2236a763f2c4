using System.Globalization;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Waiting;

/// <summary>The reasons in words for people: support may show them to a customer.</summary>
internal static partial class Sentences
{
    public const string HandedOver = "It is being handed to WhatsApp, which has not answered yet.";

    public static string Uncertain(bool asked) => asked
        ? "It was handed over, and nobody knows whether WhatsApp took it: evidence decides, and it is not sent again before."
        : "It was handed over, and WhatsApp gave no evidence that it took it: only a late receipt settles it, and it is never sent again.";

    public static string Of(WaitReason reason, WaitingMessage message, QueuePlace? place, QueueFacts? facts, DateTimeOffset? until, DateTimeOffset now) => reason switch
    {
        WaitReason.Delay => $"Its sender asked for a delay: it may leave at {At(until)}.",
        WaitReason.Retry => $"WhatsApp refused the last attempt ({message.Refusal!.Code}: {message.Refusal.Explanation.TrimEnd('.')}). The next one is at {At(until)}.",
        WaitReason.Fault => $"A fault of ours cut the last attempt short before it left. The next one is at {At(until)}.",
        WaitReason.ChatOrder => $"Message {place!.Behind!.Id} of the same chat was accepted before it and leaves first{Blocked(place.Behind, facts!)}.",
        WaitReason.Queue when place!.Before == 0 => "It is the next to leave.",
        WaitReason.Queue => place!.Before == 1
            ? "One chat has its turn before it."
            : string.Create(CultureInfo.InvariantCulture, $"{place.Before:N0} chats have their turn before it."),
        WaitReason.Typing => "Its recipient is shown that somebody is typing; then it leaves.",
        WaitReason.Permit => OfPermit(facts!.Permit!),
        WaitReason.Pace => OfPace(place!.Pace!),
        WaitReason.WarmUp => OfWarmUp(facts?.WarmUp, until!.Value, now),
        WaitReason.Restricted => OfRestriction(facts, until!.Value, now),
        WaitReason.HandedOver => HandedOver,
        WaitReason.Uncertain => Uncertain(asked: true),
        WaitReason.Storing => "Its acceptance is being stored.",
        WaitReason.PickUp => "Its device does not have it in hand yet. It looks for such messages once a minute.",
        WaitReason.DeviceUnreachable => "Its device could not be asked just now. The message is stored and is not lost.",
        _ => OfDevice(reason, facts!),
    };

    /// <summary>The same of several messages.</summary>
    public static string OfMany(WaitReason reason, int count, QueueFacts facts, DateTimeOffset? until)
    {
        var (messages, wait) = count == 1 ? ("One message", "waits") : (string.Create(CultureInfo.InvariantCulture, $"{count:N0} messages"), "wait");
        var last = until is null ? "" : count == 1 ? $", until {At(until)}" : $", the last until {At(until)}";
        return reason switch
        {
            WaitReason.Delay => $"{messages} {wait} for the delay that the sender asked for{last}.",
            WaitReason.Retry => $"{messages} {wait} for the next attempt, after WhatsApp or a fault of ours stopped the last{last}.",
            WaitReason.ChatOrder => $"{messages} {wait} for an earlier message of the same chat.",
            WaitReason.Queue => $"{messages} {wait} for a turn{last}.",
            WaitReason.Typing => $"{messages} {wait} for the end of the typing indicator{last}.",
            WaitReason.Permit => $"{messages} {wait} for {(facts.Permit!.ForPlace ? "a place among those that are being handed over" : "a permit of the tenant's share")}{last}.",
            WaitReason.Pace => $"{messages} {wait} for the number's pace, {RateOf(facts.Tempo!.All)}{last}.",
            WaitReason.WarmUp => $"{messages} {wait} for the day of a recipient who is new to the number, which is being warmed up{last}.",
            WaitReason.Restricted => $"{messages} {wait} because WhatsApp does not let the number write to the recipient yet{last}.",
            WaitReason.HandedOver => $"{messages} {wait} for WhatsApp's answer to the hand-over.",
            WaitReason.Uncertain => $"{messages} {wait} for evidence whether WhatsApp took the hand-over{last}.",
            WaitReason.Storing => $"{messages} {wait} for the acceptance to be stored.",
            _ => $"{messages} {wait}. {OfDevice(reason, facts)}",
        };
    }

    private static string OfDevice(WaitReason reason, QueueFacts facts) => reason switch
    {
        WaitReason.DeviceConnecting => "The device is connecting to WhatsApp.",
        WaitReason.DevicePairing => $"The device waits to be paired: {Code(facts.Session.State)}.",
        WaitReason.DeviceLoggedOut => $"The device is logged out{Because(facts)}. It must be paired again.",
        WaitReason.DeviceBanned when facts.Session.BannedUntil is { } end => $"WhatsApp has banned the number until {At(end)}{Because(facts)}.",
        WaitReason.DeviceBanned => $"WhatsApp has banned the number, and said no end{Because(facts)}.",
        WaitReason.DevicePaused => $"The device is paused{Because(facts)}.",
        WaitReason.DeviceDisconnected when facts.Session is { Wanted: true, IsPaired: true } => $"The device is not connected{Because(facts)}. It connects again by itself.",
        WaitReason.DeviceDisconnected when facts.Session.IsPaired => $"The device is not connected{Because(facts)}. It leaves when the device is connected again.",
        WaitReason.DeviceDisconnected => $"The device is not connected{Because(facts)}. It must be paired first.",
        WaitReason.Draining => "The device is moving to another server, which goes on with its queue.",
        _ => throw new InvalidOperationException($"Nothing is known to say of {reason}."),
    };

    private static string Blocked(QueuedMessage first, QueueFacts facts) => facts.Doubtful.ContainsKey(first.Id) ? "; nobody knows yet whether it did" : "";

    private static string Code(DeviceState state) => state == DeviceState.QrPending ? "its QR code is to be scanned" : "its pair code is to be entered on the phone";

    private static string Because(QueueFacts facts) => string.IsNullOrEmpty(facts.Session.Reason) ? "" : $" ({facts.Session.Reason})";

    private static string At(DateTimeOffset? time) => time!.Value.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}

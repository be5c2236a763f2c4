using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Quotas;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Grains.Tenants;

namespace Wuts.Cluster.Tests.Contracts;

/// <summary>Values that cross the wire, by name. A name stands for one value for ever: for a new member, add a value with a new name.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 45, 678, TimeSpan.FromHours(-3));

    private static readonly Failure Failure = new("131026", FailureClass.Recipient, Retryable: false, "This number is not on WhatsApp.");

    private static readonly TextContent Text = new(
        "Olá, @5511999990002 ☎",
        ["5511999990002@s.whatsapp.net"],
        new("3EB0A1B2C3D4E5F60718", FromMe: true, "tudo bem?"));

    private static readonly MessageEnvelope Envelope = new()
    {
        Id = "3EB00123456789ABCDEF", TenantId = "acme", DeviceId = "device-1", UserId = "user-1", ChatJid = "5511999990001@s.whatsapp.net",
        Content = Text, Fingerprint = "f1ng3r", AcceptedAt = At, DueAt = At.AddSeconds(5), Typing = TimeSpan.FromSeconds(3), Position = 1L << 40,
    };

    private static readonly Message Sent = new()
    {
        Envelope = Envelope, Version = 7, Epoch = 3, Attempt = 2, Dispatch = MessageState.Sent, NotBefore = At.AddSeconds(9),
        ProviderId = "3EB00123456789ABCDEF", LastFailure = Failure, UncertainAt = At.AddSeconds(10), OverdueAt = At.AddHours(1),
        Delivery = new()
        {
            SentAt = At.AddSeconds(11), FailedAt = At.AddSeconds(12), Failure = Failure, DeliveredAt = At.AddSeconds(13), ReadAt = At.AddSeconds(14),
            PlayedAt = At.AddSeconds(15),
        },
    };

    private static readonly QuotaSnapshot Quota = new(At, [new("rate", 10, TimeSpan.FromSeconds(1), 3, At.AddSeconds(1)), new("queue-depth", 500, null, 0, null)]);

    private static readonly TenantLimits Limits = new()
    {
        MessagesPerSecond = 0.5m, Burst = 2, MessagesPerDay = 500, QueueDepth = 100, Devices = 7, NewRecipientsPerDay = 50, Weight = 5,
    };

    public static IReadOnlyDictionary<string, object> All { get; } = new Dictionary<string, object>
    {
        ["message-envelope"] = Envelope,
        ["message-envelope.plain"] = Envelope with { Content = new TextContent("x", []), Typing = TimeSpan.Zero },
        ["message"] = Sent,
        ["send-command"] = new SendCommand
        {
            MessageId = "3EB00123456789ABCDEF", UserId = "user-1", AnyDevice = true, ChatJid = "5511999990001@s.whatsapp.net", Content = Text,
            Fingerprint = "f1ng3r", Delay = TimeSpan.FromSeconds(5), Typing = TimeSpan.FromSeconds(3), Hold = TimeSpan.FromSeconds(20),
            Patience = TimeSpan.FromMinutes(2), QueueWhenNotReady = true,
        },
        ["send-answer.accepted"] = new SendAnswer.Accepted(Sent, At.AddMinutes(1), WorthWaiting: true),
        ["send-answer.not-ready"] = new SendAnswer.NotReady(DeviceState.Banned, "banned until noon", TimeSpan.FromSeconds(30)),
        ["send-answer.key-reused"] = new SendAnswer.KeyReused(),
        ["send-answer.no-such-device"] = new SendAnswer.NoSuchDevice(),
        ["device-event.receipt"] = new DeviceEvent.Receipt("3EB00123456789ABCDEF", new(DeliveryStage.Failed, At, Failure)),
        ["device-event.message-received"] = new DeviceEvent.MessageReceived(new(
            "ABCD", "5511999990002@s.whatsapp.net", "120363000000000001@g.us", "5511999990001@s.whatsapp.net", "não", "João", At)),
        ["device-event.paired"] = new DeviceEvent.Paired("5511999990001@s.whatsapp.net", "opaque", At),
        ["device-event.pairing-failed"] = new DeviceEvent.PairingFailed("expired", At),
        ["device-event.disconnected"] = new DeviceEvent.Disconnected("stream error", At),
        ["device-event.logged-out"] = new DeviceEvent.LoggedOut("removed from the phone", At),
        ["device-event.banned"] = new DeviceEvent.Banned("spam", At.AddDays(1), At),
        ["device-event.quality-changed"] = new DeviceEvent.QualityChanged(QualityRating.Yellow, At),
        ["device-event.restricted.new-chats"] = new DeviceEvent.Restricted(RestrictionKind.NewChats, At.AddDays(1), At, 5),
        ["device-event.restricted.reach-out"] = new DeviceEvent.Restricted(RestrictionKind.ReachOut, null, At),
        ["message-envelope.placed"] = Envelope with
        {
            Category = Category.Marketing, ConsentExempt = true, QuotaEpoch = 12,
            Placement = new(At.AddDays(2), HoldReason.WarmUp, new("5511999990001@s.whatsapp.net", At, At.AddDays(2), ContactOrigin.Outbound, "3EB00123456789ABCDEF")),
        },
        ["message.held"] = Sent with { Hold = HoldReason.Restricted },
        ["send-answer.quota-exceeded"] = new SendAnswer.QuotaExceeded(["rate", "queue-depth"], TimeSpan.FromSeconds(30)) { Quota = Quota },
        ["admit-request"] = new AdmitRequest("3EB00123456789ABCDEF", "5511999990001@s.whatsapp.net", new("device-1", 3, 41, 9, [40, 41])),
        ["admission.granted"] = new Admission.Granted(Quota, Charged: true) { Epoch = 12, CountedAt = At },
        ["admission.refused"] = new Admission.Refused(Quota, ["rate"], TimeSpan.FromSeconds(1), ["rate"]),
        ["tenant-terms"] = new TenantTerms(CountsSends: true, CountsDepth: true, Weight: 5),
        ["limits-snapshot"] = new LimitsSnapshot(new("gold", Limits), TenantLimits.None),
        ["usage-snapshot"] = new UsageSnapshot(At, 400, 9, 3, 20, Quota.Policies),
        ["permit-request"] = new PermitRequest("device-1", 8, 2) { UnusedMark = 77 },
        ["permit-grant"] = new PermitGrant(
            8, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(200), 5, TimeSpan.FromMilliseconds(100)) { Mark = 78 },
        ["pool-ask"] = new PoolAsk("acme", 4, 5, 20, 2) { UnusedMark = 77 },
    };
}

using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Tests;

internal static class Samples
{
    public const string Chat = "5511999990001@s.whatsapp.net";

    public static readonly DateTimeOffset T0 = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Failure Busy = new("130429", FailureClass.Transient, true, "The network asks us to slow down.");

    public static readonly Failure Undeliverable = new("131026", FailureClass.Recipient, false, "The number is not on WhatsApp.");

    public static MessageEnvelope Envelope(TimeSpan delay = default) => new()
    {
        Id = "3EB0000102030405060708AA",
        TenantId = "acme",
        DeviceId = "dev-1",
        UserId = "user-1",
        ChatJid = Chat,
        Content = new TextContent("Hello", []),
        Fingerprint = "f",
        AcceptedAt = T0,
        DueAt = T0 + delay,
        Typing = TimeSpan.FromSeconds(3),
        Position = 1,
    };

    public static Message Queued(TimeSpan delay = default) => Message.Accept(Envelope(delay), epoch: 1, claim: false).Message;

    public static Message Dispatching() => Message.Accept(Envelope(), epoch: 1, claim: true).Message;

    public static Message Uncertain() => Dispatching().Record(new DispatchOutcome.Unknown("no answer"));

    public static Message Sent() => Dispatching().Record(new DispatchOutcome.Accepted("3EB0000102030405060708AA", T0.AddSeconds(4)));

    /// <summary>Notes the outcome of the current attempt, ten seconds after acceptance.</summary>
    public static Message Record(this Message message, DispatchOutcome outcome) => message.TryRecord(outcome)!.Message;

    public static Transition? TryRecord(this Message message, DispatchOutcome outcome) =>
        message.Record(message.Epoch, message.Attempt, outcome, T0.AddSeconds(10));

    public static Message Apply(this Message message, DeliveryStage stage, int seconds = 20) => message.TryApply(stage, seconds)!.Message;

    public static Transition? TryApply(this Message message, DeliveryStage stage, int seconds = 20) => message.Apply([Event(stage, seconds)]);

    public static DeliveryEvent Event(DeliveryStage stage, int seconds) =>
        new(stage, T0.AddSeconds(seconds), stage == DeliveryStage.Failed ? Undeliverable : null);

    /// <summary>What a network may say: few instants and few codes, so that ties are common. A code always has the same meaning.</summary>
    public static Gen<DeliveryEvent> AnyEvent { get; } =
        from stage in Gen.Elements(Enum.GetValues<DeliveryStage>())
        from seconds in Gen.Choose(0, 5)
        from failure in Gen.Elements(Busy, Undeliverable)
        select new DeliveryEvent(stage, T0.AddSeconds(seconds), stage == DeliveryStage.Failed ? failure : null);
}

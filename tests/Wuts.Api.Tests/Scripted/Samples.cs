using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Api.Tests.Scripted;

/// <summary>Messages as grains would answer them.</summary>
public static class Samples
{
    public const string Number = "5511999990001";
    public const string Chat = $"{Number}@{Jid.UserServer}";

    public static readonly DateTimeOffset T0 = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Failure NoSuchNumber = new("131026", FailureClass.Recipient, false, "This number is not on WhatsApp.");

    public static readonly Failure Throttled = new("throttled", FailureClass.Transient, true, "WhatsApp was too busy.");

    public static Message Queued(DeviceKey device, SendCommand command) => Message.Accept(
        new()
        {
            Id = command.MessageId, TenantId = device.TenantId, DeviceId = device.DeviceId, UserId = command.UserId, ChatJid = command.ChatJid,
            Content = command.Content, Fingerprint = command.Fingerprint, AcceptedAt = T0, DueAt = T0 + command.Delay, Typing = command.Typing, Position = 1,
        },
        epoch: 1,
        claim: false).Message;

    public static Message Dispatching(DeviceKey device, SendCommand command) =>
        Queued(device, command) is var queued ? queued.Claim(1, queued.Envelope.DueAt)!.Message : throw new InvalidOperationException();

    public static Message Ended(Message dispatching, DispatchOutcome outcome) => dispatching.Record(1, 1, outcome, T0.AddSeconds(1))!.Message;

    public static Message Sent(DeviceKey device, SendCommand command, double after = 0.25) =>
        Dispatching(device, command) is var message
            ? Ended(message, new DispatchOutcome.Accepted(message.Envelope.Id, message.Envelope.DueAt.AddSeconds(after)))
            : throw new InvalidOperationException();

    public static SendAnswer Accepted(Message message, bool worthWaiting = false) =>
        new SendAnswer.Accepted(message, message.Envelope.DueAt + message.Envelope.Typing, worthWaiting);

    public static Task<SendAnswer> Answer(Message message, bool worthWaiting = false) => Task.FromResult(Accepted(message, worthWaiting));
}

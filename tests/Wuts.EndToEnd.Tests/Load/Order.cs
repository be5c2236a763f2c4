using Wuts.Domain.Sending;

namespace Wuts.EndToEnd.Tests.Load;

/// <summary>A message that a client wants sent, once for each idempotency key that it goes under.</summary>
internal sealed record Order(string DeviceId, string Number, string Text, TimeSpan Delay, int TypingSeconds = 0)
{
    public string Chat => Jid.User(Number);

    /// <summary>The same for requests that ask for the same.</summary>
    public string Payload => $"{DeviceId}, to {Number}, after {Delay}: {Text}";

    public object Body => new { number = Number, text = Text, delay = (int)Delay.TotalSeconds, typingDuration = TypingSeconds, device_id = DeviceId };
}

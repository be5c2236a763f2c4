using Wuts.Domain.Delivery;

namespace Wuts.Grains.Devices;

/// <summary>Failures that the device itself finds.</summary>
internal static class Failures
{
    public static Failure NoSession { get; } = new(
        "no_session", FailureClass.Session, Retryable: true, "The number is not connected to WhatsApp. The message waits for it.");

    public static Failure DeviceRemoved { get; } = new(
        "device_removed", FailureClass.Account, Retryable: false, "The number was removed before the message could be sent.");
}

using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Links;

/// <summary>The pairing of a device with a phone.</summary>
internal sealed class Link(DeviceKey device, string number, string credentials)
{
    public DeviceKey Device { get; } = device;

    /// <summary>The device as the log names it.</summary>
    public string DeviceName { get; } = device.ToString();

    public string Number { get; } = number;

    public string Credentials { get; } = credentials;

    /// <summary>Whether the session is up. Once it is unpaired it never is again.</summary>
    public bool Live { get; set; }
}

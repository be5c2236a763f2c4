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

    /// <summary>The connection that made it live last; <c>null</c> for this process. Nobody else sends through it.</summary>
    public string? Owner { get; set; }

    public bool IsLiveFor(string? connection) => Live && Owner == connection;
}

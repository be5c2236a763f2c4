using System.Collections.Immutable;
using Wuts.Domain.Devices;

namespace Wuts.Transports;

/// <summary>Where transports bring what happened on the network.</summary>
public interface IDeviceEventSink
{
    /// <summary>
    /// Takes events of one device. When this returns they are durable, and the transport may forget them. When it throws, none
    /// may be counted on: the transport brings the same events again. Repeats and any order are fine.
    /// </summary>
    Task HandleAsync(DeviceKey device, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken);
}

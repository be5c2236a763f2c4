using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Devices;
using Wuts.Transports;

namespace Wuts.Grains.Devices;

/// <summary>Brings what transports hear to the grain of the device.</summary>
internal sealed class DeviceEventSink(IGrainFactory grains) : IDeviceEventSink
{
    public Task HandleAsync(DeviceKey device, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken) =>
        grains.GetGrain<IDeviceGrain>(device.ToString()).Handle(events, cancellationToken);
}
